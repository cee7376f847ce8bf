import { h } from 'preact';
import { channelLabel, isKnownChannel } from '../channels.ts';
import type { Channel } from '../ids.ts';
import { CHANNEL_GLYPHS, OTHER_CHANNEL } from './glyphs.ts';

export interface ChannelIconProps {
  channel: Channel;
  /** Width and height in CSS pixels. */
  size?: number;
  /** True where the channel's name stands beside it in words: then it is hidden from screen readers. */
  decorative?: boolean;
}

/** The channel's tile; a channel we do not know gets a plain speech bubble. */
export function ChannelIcon({ channel, size = 20, decorative = false }: ChannelIconProps) {
  const glyph = isKnownChannel(channel) ? CHANNEL_GLYPHS[channel] : OTHER_CHANNEL;
  return (
    <svg
      class="channel-icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      style={{ color: glyph.colour }}
      role="img"
      aria-hidden={decorative}
    >
      <title>{channelLabel(channel)}</title>
      <rect width="24" height="24" rx="7" fill="currentColor" />
      <g transform="translate(4.2 4.2) scale(.65)">{glyph.shapes.map(([tag, attributes]) => h(tag, attributes))}</g>
    </svg>
  );
}
