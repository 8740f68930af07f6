/** The theme button: the theme of the system, until the reader chooses one; the choice is stored. */
const root = document.documentElement;
const button = document.querySelector<HTMLButtonElement>('.theme-toggle');
const system = matchMedia('(prefers-color-scheme: dark)');

/** Both signs; the style sheet shows one. */
const SIGNS = `<svg viewBox="0 0 24 24" aria-hidden="true">
  <path class="moon" d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z"/>
  <g class="sun"><circle cx="12" cy="12" r="4.2"/>
  <path d="M12 2v2.6M12 19.4V22M2 12h2.6M19.4 12H22M4.9 4.9l1.9 1.9M17.2 17.2l1.9 1.9M4.9 19.1l1.9-1.9M17.2 6.8l1.9-1.9"/></g></svg>`;

const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : system.matches);

function show(): void {
  button?.setAttribute('aria-pressed', String(isDark()));
}

function remember(theme: string): void {
  try {
    localStorage.setItem('theme', theme);
  } catch {
    // Storage may be forbidden: the choice then lasts for this page.
  }
}

if (button) button.innerHTML = SIGNS;
button?.addEventListener('click', () => {
  const theme = isDark() ? 'light' : 'dark';
  root.dataset.theme = theme;
  remember(theme);
  show();
});
system.addEventListener('change', show);
show();
