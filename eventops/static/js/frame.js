// Brings the present entry of the menus into view where they scroll sideways (phones).
for (const entry of document.querySelectorAll('.event-nav [aria-current], .global-nav [aria-current]')) {
  const strip = entry.closest('ul, nav');
  strip.scrollLeft = entry.offsetLeft - strip.offsetLeft - (strip.clientWidth - entry.offsetWidth) / 2;
}
