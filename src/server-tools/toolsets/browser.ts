/**
 * The members of `browser_toolset_20260801`.
 *
 * Inputs after `BetaBrowser…Input` of https://github.com/anthropics/anthropic-sdk-typescript, and what is
 * enabled by default after its table of members.
 */
import type { JsonObject } from '../../anthropic/json.ts'
import type { ToolsetMembers } from './member.ts'
import { choice, directions, integer, numbers, seconds, text } from './member.ts'

const tab = { tab_id: text('The tab to act on; without it, the active one.') }
const coordinate: JsonObject = {
  type: 'object',
  description: 'A position in the viewport.',
  properties: {
    type: { type: 'string', enum: ['coordinate'] },
    x: { type: 'number', description: 'Pixels from the left edge of the viewport.' },
    y: { type: 'number', description: 'Pixels from the top edge of the viewport.' },
  },
  required: ['type', 'x', 'y'],
}
const element: JsonObject = {
  type: 'object',
  description: 'An element that read_page or find returned in this tab since it last changed.',
  properties: {
    type: { type: 'string', enum: ['ref'] },
    ref: text('The reference of the element, such as "ref_7".'),
  },
  required: ['type', 'ref'],
}
const anywhere: JsonObject = {
  description: 'Where to act: a position or an element.',
  anyOf: [coordinate, element],
}
const click = {
  properties: {
    target: anywhere,
    modifiers: text('Modifier keys that are held, such as "shift" or "ctrl+shift".'),
    ...tab,
  },
  required: ['target'],
}
const atPosition = { properties: { target: coordinate, ...tab }, required: ['target'] }
const ofTab = { properties: tab }
const namedTab = (description: string) => ({
  properties: { tab_id: text(description) },
  required: ['tab_id'],
})
const keys = text(
  'The key or the combination, such as "Return", "ctrl+a" or "cmd+shift+p"; spaces separate presses.',
)

/** The members of the browser toolset, by name. */
export const browserMembers = {
  navigate: {
    description: 'Opens a URL, or moves in the history of the tab.',
    properties: {
      url: text('The URL, https:// if it has no scheme; or "back", "forward" or "reload".'),
      ...tab,
    },
    required: ['url'],
  },
  list_tabs: {
    description: 'Lists the open tabs with their tab_id, title and URL.',
    properties: {},
  },
  new_tab: { description: 'Opens an empty tab, and returns its tab_id.', properties: {} },
  switch_tab: {
    description: 'Makes a tab the active one, to which actions without a tab_id apply.',
    ...namedTab('The tab to switch to.'),
  },
  close_tab: { description: 'Closes a tab.', ...namedTab('The tab to close.') },
  read_page: {
    description:
      'Returns the accessibility tree of the page. Its elements have references such as [ref_7], which other actions take as targets.',
    properties: {
      filter: choice(
        ['all', 'interactive'],
        '"interactive": only elements to interact with; "all": also those outside the viewport. Without it, all visible ones.',
      ),
      depth: integer('The depth of the tree at most; 15 by default.'),
      ref: text('The element whose subtree to read; without it, the whole page.'),
      ...tab,
    },
  },
  get_page_text: {
    description: 'Returns the visible text of the page, the main content first.',
    ...ofTab,
  },
  read_console: {
    description: 'Returns the messages of the console since they were last read.',
    ...ofTab,
    isOptional: true,
  },
  read_network: {
    description: 'Returns the network requests of the tab since they were last read.',
    ...ofTab,
    isOptional: true,
  },
  find: {
    description: 'Finds elements by a description, and returns up to 20 with their references.',
    properties: { query: text('What to find, such as "the search field".'), ...tab },
    required: ['query'],
  },
  form_input: {
    description: 'Sets the value of a field, a text area, a list or a checkbox.',
    properties: {
      target: element,
      value: {
        description: 'true or false for a checkbox; the value or the text of an option for a list.',
        anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }],
      },
      ...tab,
    },
    required: ['target', 'value'],
  },
  file_upload: {
    description: 'Selects files in a file field: by paths, document_ids or both.',
    properties: {
      target: element,
      paths: {
        type: 'array',
        items: { type: 'string' },
        description: 'Paths where the browser runs.',
      },
      document_ids: {
        type: 'array',
        items: { type: 'string' },
        description: 'Ids of files that were made available to the browser.',
      },
      ...tab,
    },
    required: ['target'],
    isOptional: true,
  },
  scroll_to: {
    description: 'Scrolls an element into view.',
    properties: { target: element, ...tab },
    required: ['target'],
  },
  screenshot: { description: 'Takes a screenshot of the viewport.', ...ofTab },
  zoom: {
    description: 'Takes a screenshot of a part of the viewport, enlarged to show details.',
    properties: { region: numbers('[x0, y0, x1, y1] in pixels of the viewport.'), ...tab },
    required: ['region'],
  },
  left_click: { description: 'Clicks with the left mouse button.', ...click },
  right_click: { description: 'Clicks with the right mouse button.', ...click },
  middle_click: { description: 'Clicks with the middle mouse button.', ...click },
  double_click: { description: 'Clicks twice with the left mouse button.', ...click },
  triple_click: {
    description:
      'Clicks three times with the left mouse button, which selects a line or paragraph.',
    ...click,
  },
  hover: {
    description: 'Moves the cursor to a position or an element without a click.',
    properties: { target: anywhere, ...tab },
    required: ['target'],
  },
  left_click_drag: {
    description: 'Drags with the left mouse button from one position to another.',
    properties: { from: coordinate, target: coordinate, ...tab },
    required: ['from', 'target'],
  },
  left_mouse_down: {
    description: 'Presses the left mouse button at a position, and holds it.',
    ...atPosition,
  },
  left_mouse_up: { description: 'Releases the left mouse button at a position.', ...atPosition },
  mouse_move: { description: 'Moves the cursor to a position without a click.', ...atPosition },
  scroll: {
    description: 'Turns the mouse wheel at a position.',
    properties: {
      target: coordinate,
      scroll_direction: choice(directions, 'Where to scroll.'),
      scroll_amount: integer('How many notches of the wheel, from 1 to 10; 3 by default.'),
      ...tab,
    },
    required: ['target', 'scroll_direction'],
  },
  type: {
    description: 'Types a text where the focus is.',
    properties: { text: text('The text.'), ...tab },
    required: ['text'],
  },
  key: {
    description: 'Presses a key or a combination of keys. "+" joins the keys of a combination.',
    properties: { text: keys, repeat: integer('How often to press it; 1 by default.'), ...tab },
    required: ['text'],
  },
  hold_key: {
    description: 'Holds a key or a combination of keys down for some time.',
    properties: { text: keys, duration: seconds('How long, in seconds; 30 at most.'), ...tab },
    required: ['text', 'duration'],
  },
  wait: {
    description: 'Waits, for example until a page has loaded.',
    properties: { duration: seconds('How long, in seconds; 30 at most.'), ...tab },
    required: ['duration'],
  },
  javascript_exec: {
    description:
      'Runs JavaScript in the page, and returns the value of its last expression. Write no return statement.',
    properties: { text: text('The code, which can use window and the DOM.'), ...tab },
    required: ['text'],
    isOptional: true,
  },
} satisfies ToolsetMembers
