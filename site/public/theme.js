// Runs before the first paint, so that a remembered theme never flashes and controls that
// need scripts are there from the start.
(() => {
  const root = document.documentElement;
  root.classList.add('js');
  try {
    const theme = localStorage.getItem('theme');
    if (theme === 'dark' || theme === 'light') root.dataset.theme = theme;
  } catch {
    // Storage may be forbidden: then the system's choice stays.
  }
})();
