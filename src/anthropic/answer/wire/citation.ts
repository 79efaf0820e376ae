/** What a text cites, in Anthropic's fields. Types only. */

/** A citation of a text block (https://docs.claude.com/en/docs/build-with-claude/citations). */
export type Citation =
  | WebSearchCitation
  | (DocumentCitation & {
      type: 'char_location'
      /** A range in characters; the end is exclusive. */
      start_char_index: number
      end_char_index: number
    })
  | (DocumentCitation & {
      type: 'page_location'
      /** A range of pages from 1; the end is exclusive. */
      start_page_number: number
      end_page_number: number
    })
  | (DocumentCitation & {
      type: 'content_block_location'
      /** A range of blocks from 0; the end is exclusive. */
      start_block_index: number
      end_block_index: number
    })
  | {
      type: 'search_result_location'
      cited_text: string
      source: string
      title: string | null
      search_result_index: number
      start_block_index: number
      end_block_index: number
    }

/** What all citations of a document say. */
interface DocumentCitation {
  cited_text: string
  /** Counted over all documents of the conversation, from 0. */
  document_index: number
  document_title: string | null
  file_id: null
}

/** A passage of a web search result. */
export interface WebSearchCitation {
  type: 'web_search_result_location'
  url: string
  title: string | null
  encrypted_index: string
  /** Text of at most 150 characters. */
  cited_text: string
}
