/** Shows the numbers of a column of a chart: those of the table under it, for mouse, touch and keys. */

interface Column {
  readonly name: string;
  /** Heads of the other columns, and what stands in them. */
  readonly values: readonly (readonly [string, string])[];
}

/** The rows of the table, oldest first as the chart has them. */
function readColumns(table: HTMLTableElement): Column[] {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent ?? '');
  const rows = [...(table.tBodies[0]?.rows ?? [])].map((row) => {
    const [name = '', ...values] = [...row.cells].map((cell) => cell.textContent ?? '');
    return { name, values: values.map((value, place) => [heads[place + 1] ?? '', value] as const) };
  });
  return table.classList.contains('forward') ? rows : rows.reverse();
}

function describe(box: HTMLElement, { name, values }: Column): void {
  const title = document.createElement('b');
  title.textContent = name;
  const lines = values.map(([label, value]) => {
    const line = document.createElement('div');
    line.append(label, Object.assign(document.createElement('span'), { textContent: value }));
    return line;
  });
  box.replaceChildren(title, ...lines);
}

function watch(figure: HTMLElement): void {
  const table = figure.querySelector<HTMLTableElement>('table.values');
  const chart = figure.querySelector<SVGSVGElement>('svg.chart');
  if (!table || !chart) return;
  const columns = readColumns(table);
  const box = Object.assign(document.createElement('div'), { className: 'hover', hidden: true });
  box.setAttribute('role', 'status');
  chart.after(box);
  let at = columns.length - 1;
  const show = (place: number) => {
    const column = columns[place];
    if (!column) return;
    at = place;
    describe(box, column);
    box.hidden = false;
    const { left, width } = chart.getBoundingClientRect();
    const x = left - figure.getBoundingClientRect().left + (width * (place + 0.5)) / columns.length;
    const isRight = place > columns.length / 2;
    box.style.left = `${isRight ? x - box.offsetWidth - 12 : x + 12}px`;
    box.style.top = `${chart.getBoundingClientRect().top - figure.getBoundingClientRect().top}px`;
  };
  const point = ({ clientX }: PointerEvent) => {
    const { left, width } = chart.getBoundingClientRect();
    show(
      Math.max(
        0,
        Math.min(columns.length - 1, Math.floor(((clientX - left) / width) * columns.length)),
      ),
    );
  };
  const hide = () => {
    box.hidden = true;
  };
  chart.addEventListener('pointermove', point);
  chart.addEventListener('pointerdown', point);
  chart.addEventListener('pointerleave', hide);
  chart.addEventListener('blur', hide);
  chart.setAttribute('tabindex', '0');
  chart.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') hide();
    if (step === undefined) return;
    event.preventDefault();
    show(Math.max(0, Math.min(columns.length - 1, box.hidden ? at : at + step)));
  });
}

/** The charts of a part of the page. */
export function watchCharts(root: ParentNode): void {
  for (const figure of root.querySelectorAll<HTMLElement>('figure.fig')) watch(figure);
}

watchCharts(document);
