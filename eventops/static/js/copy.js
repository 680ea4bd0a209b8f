// Copies a text; the button appears only with this file. Hooks: data-copy="<id of the field>", data-copied="<what is said>".
for (const button of document.querySelectorAll('[data-copy]')) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
    } catch {
      document.execCommand('copy');
    }
    button.textContent = button.dataset.copied;
    button.setAttribute('aria-live', 'polite');
    setTimeout(() => { button.textContent = label; }, 3000);
  });
}
