// The board by company: a line for each, the times across. Made from the cells of the board, so that both always say the same.
const element = (name, attributes, ...inside) => {
  const made = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...inside);
  return made;
};

export function byCompany(board, companies, words) {
  const slots = [...board.querySelectorAll('tbody tr')].filter((row) => row.querySelector('.cell'))
    .map((row) => ({ id: row.querySelector('.cell').dataset.slot, time: row.querySelector('th').textContent }));
  const meetings = meetingsOf(board);
  const line = (company) => element('tr', { 'data-company': company.ref },
    element('th', { scope: 'row', title: company.name }, company.name),
    ...slots.map((slot) => cellOf(company, slot, meetings.get(`${company.ref}:${slot.id}`) ?? [], words)));
  const group = (label, members) => element('tbody', {},
    element('tr', { class: 'is-break' }, element('th', { scope: 'rowgroup' }, label), element('td', { colspan: slots.length })),
    ...members.map(line));
  const table = element('table', { class: 'board by-company', role: 'grid', 'aria-label': words.label, 'data-zoom': board.dataset.zoom },
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, words.company), ...slots.map((slot) => element('th', { scope: 'col' }, slot.time)))),
    group(words.hosts, companies.filter((one) => one.host)), group(words.guests, companies.filter((one) => !one.host)));
  const first = table.querySelector('.cell');
  if (first) first.tabIndex = 0;
  return table;
}

function meetingsOf(board) {
  const found = new Map();
  board.querySelectorAll('.cell [data-meeting]').forEach((card) => {
    const cell = card.closest('.cell');
    [card.dataset.host, card.dataset.guest].forEach((ref) => {
      const key = `${ref}:${cell.dataset.slot}`;
      found.set(key, [...(found.get(key) ?? []), { card, place: cell.dataset.name.split(' ').slice(1).join(' ') }]);
    });
  });
  return found;
}

function cellOf(company, slot, meetings, words) {
  const isAway = company.away.includes(Number(slot.id));
  const cell = element('td', {
    class: isAway ? 'cell is-closed' : 'cell', role: 'gridcell', tabindex: -1,
    'data-slot': slot.id, 'data-company': company.ref, 'data-name': `${slot.time} ${company.name}`,
  });
  cell.append(...meetings.map(({ card, place }) => cardFor(company, card, place)));
  if (!meetings.length) cell.append(element('span', { class: 'visually-hidden' }, isAway ? words.away : words.empty));
  return cell;
}

// In its own line a company needs no name: the other side stands there, and the table.
function cardFor(company, card, place) {
  const copy = card.cloneNode(true);
  const other = copy.querySelector(company.host ? 'b' : 'small').textContent;
  copy.querySelector('b').textContent = other;
  copy.querySelector('small').textContent = place;
  return copy;
}

export function keepLines(table, wanted) {
  table.querySelectorAll('tr[data-company]').forEach((row) => {
    const text = row.querySelector('th').textContent.normalize('NFKC');
    row.hidden = Boolean(wanted) && !text.includes(wanted);
  });
}
