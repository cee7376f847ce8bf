/**
 * The product's own drawings, as shapes on a 24 × 24 grid. Components draw them inline, and the icon command
 * renders the PNGs that toasts and the toolbar need (those take no SVG) from the same source.
 */
import type { KnownChannel } from '../channels.ts';

/** An SVG element and its attributes; `currentColor` is the colour of the tile, for cut-outs. */
export type Shape = readonly [tag: 'path' | 'circle' | 'rect', attributes: Readonly<Record<string, string | number>>];

/** A white drawing on a coloured tile. */
export interface Glyph {
  /** Of the tile, as `#rrggbb`. */
  colour: string;
  shapes: readonly Shape[];
}

const white = (d: string): Shape => ['path', { fill: '#fff', d }];
const line = (d: string, width: number): Shape => [
  'path',
  {
    d,
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': width,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  },
];
const dot = (cx: number, cy: number, r: number): Shape => ['circle', { cx, cy, r, fill: 'currentColor' }];

const BUBBLE =
  'M5.2 4.5h13.6A2.7 2.7 0 0 1 21.5 7.2v7.6a2.7 2.7 0 0 1-2.7 2.7h-6.3l-4.7 3.6c-.4.3-.9 0-.9-.5v-3.1H5.2a2.7 2.7 0 0 1-2.7-2.7V7.2a2.7 2.7 0 0 1 2.7-2.7Z';

/** A plain speech bubble, for every channel that has no drawing of its own. */
export const OTHER_CHANNEL: Glyph = { colour: '#646a7a', shapes: [white(BUBBLE)] };

export const CHANNEL_GLYPHS: Record<KnownChannel, Glyph> = {
  // A bubble with the two ticks of a message that arrived.
  whatsapp: {
    colour: '#1f8f52',
    shapes: [
      white('M12 3a9 9 0 0 0-7.7 13.65L3.2 20.3c-.1.3.2.6.5.5l3.65-1.1A9 9 0 1 0 12 3Z'),
      line('m7 12.3 2.6 2.6 4.9-5.4m-.9 4.7.7.7 4.2-5', 1.8),
    ],
  },
  // A bubble with the dots of typing.
  sms: { colour: '#2b6fd6', shapes: [white(BUBBLE), dot(8, 11, 1.5), dot(12, 11, 1.5), dot(16, 11, 1.5)] },
  // A browser window with a bubble in its corner.
  webchat: {
    colour: '#5b50d6',
    shapes: [
      white(
        'M5 4h14a2.5 2.5 0 0 1 2.5 2.5V11h-2V9.2h-15V16A1.5 1.5 0 0 0 6 17.5h4v2H5A2.5 2.5 0 0 1 2.5 17V6.5A2.5 2.5 0 0 1 5 4Z',
      ),
      white(
        'M13.7 12.5h6.1a1.7 1.7 0 0 1 1.7 1.7v3.1a1.7 1.7 0 0 1-1.7 1.7h-2.6l-2.3 1.9c-.3.2-.7 0-.7-.4V19h-.5a1.7 1.7 0 0 1-1.7-1.7v-3.1a1.7 1.7 0 0 1 1.7-1.7Z',
      ),
    ],
  },
  // Two people's bubbles, one over the other.
  messenger: {
    colour: '#7a3fd0',
    shapes: [
      [
        'path',
        {
          fill: '#fff',
          'fill-opacity': 0.62,
          d: 'M4.7 3.5h9.1A2.2 2.2 0 0 1 16 5.7V8h-3.8A3.7 3.7 0 0 0 8.5 11.7V13l-2.7 2.1c-.3.2-.8 0-.8-.4V13h-.3a2.2 2.2 0 0 1-2.2-2.2V5.7a2.2 2.2 0 0 1 2.2-2.2Z',
        },
      ],
      white(
        'M12.2 9.5h7.1a2.2 2.2 0 0 1 2.2 2.2v4.6a2.2 2.2 0 0 1-2.2 2.2H19v2c0 .4-.5.6-.8.4l-3.1-2.4h-2.9a2.2 2.2 0 0 1-2.2-2.2v-4.6a2.2 2.2 0 0 1 2.2-2.2Z',
      ),
    ],
  },
  // A camera seen from the front.
  instagram: {
    colour: '#c7327c',
    shapes: [
      white(
        'M9.3 4h5.4c.5 0 1 .3 1.3.7l1.2 1.8h1.8a2.5 2.5 0 0 1 2.5 2.5v8.5A2.5 2.5 0 0 1 19 20H5a2.5 2.5 0 0 1-2.5-2.5V9A2.5 2.5 0 0 1 5 6.5h1.8L8 4.7c.3-.4.8-.7 1.3-.7Z',
      ),
      ['circle', { cx: 12, cy: 13, r: 3.4, fill: 'none', stroke: 'currentColor', 'stroke-width': 2 }],
    ],
  },
  // A folded paper plane.
  telegram: {
    colour: '#16829f',
    shapes: [
      white(
        'M20.4 3.7 2.9 10.6c-.7.3-.7 1.2 0 1.5l4.6 1.6 1.8 5.6c.2.6 1 .8 1.4.3l2.6-2.7 4.5 3.3c.5.4 1.2.1 1.3-.5l2.6-14.9c.1-.7-.6-1.3-1.3-1.1Z',
      ),
      line('m8.2 13.5 8.3-5.2-5.9 6.6-.7 3', 1.6),
    ],
  },
  // An envelope.
  email: {
    colour: '#b4571b',
    shapes: [
      ['rect', { x: 2.5, y: 5, width: 19, height: 14, rx: 2.5, fill: '#fff' }],
      line('m5.5 8.7 6.5 4.8 6.5-4.8', 1.9),
    ],
  },
};

/** The product's bell, in `currentColor`: body, then clapper. */
export const BELL_SHAPES: readonly Shape[] = [
  [
    'path',
    {
      fill: 'currentColor',
      d: 'M12 2.2a1.5 1.5 0 0 0-1.5 1.5v.6A6.6 6.6 0 0 0 5.4 10.7v3.5l-1.5 2.4c-.5.9.1 2 1.1 2h14c1 0 1.6-1.1 1.1-2l-1.5-2.4v-3.5a6.6 6.6 0 0 0-5.1-6.4v-.6A1.5 1.5 0 0 0 12 2.2Z',
    },
  ],
  ['path', { fill: 'currentColor', d: 'M9.2 19.9h5.6a2.8 2.8 0 0 1-5.6 0Z' }],
];
