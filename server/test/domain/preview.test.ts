import { describe, expect, test } from 'vitest';
import { messagePreview } from '../../src/domain/preview.ts';

describe('the preview of a message', () => {
  const photo = { type: 'image', name: 'roof.jpg' };
  test.each([
    ['shows the text, whatever is attached', 'Look', [photo], 'Look'],
    ['names what is attached, where there is no text', ' ', [photo], '📎 roof.jpg'],
    ['names what is attached, where nothing of the text can be seen', '\u200B\uFE0F', [photo], '📎 roof.jpg'],
    ['names an attachment without a name by its type', '', [{ type: 'image' }], '📎 image'],
    [
      'names an attachment by its type, where nothing of its name can be seen',
      '',
      [{ type: 'image', name: '\u3164' }],
      '📎 image',
    ],
    ['is empty, where there is nothing', '\u200B', [], ''],
  ])('%s', (_, text, attachments, preview) => {
    expect(messagePreview(text, attachments)).toBe(preview);
  });
});
