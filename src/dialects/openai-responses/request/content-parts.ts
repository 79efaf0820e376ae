/** User content or a tool result as content parts. */
import type { Content } from '../../shared/conversation/content.ts'
import { toFileName, toMediaUrl } from '../../shared/conversation/content.ts'
import type { InputPart } from '../wire.ts'

export function toInputPart(piece: Content): InputPart {
  switch (piece.type) {
    case 'text':
      return { type: 'input_text', text: piece.text }
    case 'image':
      return { type: 'input_image', image_url: toMediaUrl(piece.source), detail: 'auto' }
    case 'pdf':
      return 'url' in piece.source
        ? { type: 'input_file', file_url: piece.source.url }
        : {
            type: 'input_file',
            filename: toFileName(piece),
            file_data: toMediaUrl(piece.source),
          }
  }
}
