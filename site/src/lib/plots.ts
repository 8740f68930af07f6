import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/**
 * Pictures drawn at build time. Only numbers and dates are drawn, never text from outside: this
 * is the only markup that pages insert unescaped.
 */
const { document } = parseHTML('<!doctype html><html><body></body></html>');

export interface PictureText {
  readonly label: string;
  readonly description: string;
}

export function drawSvg(options: Plot.PlotOptions, { label, description }: PictureText): string {
  const svg = Plot.plot({ document, ariaLabel: label, ariaDescription: description, ...options });
  svg.setAttribute('role', 'img');
  // Plot writes sixteen digits; two decimals are finer than any screen.
  return svg.outerHTML.replace(/(\.\d\d)\d+/g, '$1');
}

export { Plot };
