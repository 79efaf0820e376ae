/** `url_citation` annotations, as OpenAI and those who copied it mark the sources of a text. */
import type { JsonObject } from '../../../anthropic/json.ts'
import { asCount, asObject, asString } from '../../../anthropic/json.ts'
import type { PlacedCitation } from './late-citations.ts'

/** Reads an annotation, whose fields chat completions nest; undefined if it is of another type. */
export function readUrlCitation(annotation: JsonObject): PlacedCitation | undefined {
  const fields = asObject(annotation['url_citation']) ?? annotation
  const url = asString(fields['url'])
  return annotation['type'] === 'url_citation' && url !== undefined
    ? {
        page: {
          url,
          title: asString(fields['title']),
          text: asString(fields['content']) || undefined,
          date: undefined,
        },
        end: asCount(fields['end_index']) ?? 0,
      }
    : undefined
}
