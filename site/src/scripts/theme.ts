/** The theme button: the theme of the system, until the reader chooses one; the choice is stored. */
const root = document.documentElement;
const button = document.querySelector<HTMLButtonElement>('.theme-toggle');
const system = matchMedia('(prefers-color-scheme: dark)');

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

button?.addEventListener('click', () => {
  const theme = isDark() ? 'light' : 'dark';
  root.dataset.theme = theme;
  remember(theme);
  show();
});
system.addEventListener('change', show);
show();
