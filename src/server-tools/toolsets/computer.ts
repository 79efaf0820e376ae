/**
 * The members of `computer_toolset_20260801`, all of which are enabled by default.
 *
 * Inputs after `BetaComputer…Input` of https://github.com/anthropics/anthropic-sdk-typescript.
 */
import type { ToolsetMembers } from './member.ts'
import { choice, directions, integer, numbers, seconds, text } from './member.ts'

const at = numbers('[x, y] in pixels of the screenshot, from its upper left corner.')
const heldKeys = text('Keys that are held during the action, such as "ctrl" or "ctrl+shift".')
const click = {
  coordinate: numbers('[x, y] in pixels of the screenshot; without it, where the cursor is.'),
  text: heldKeys,
}
const keys = text('The key or the combination, such as "Return", "ctrl+s" or "alt+Tab".')

/** The members of the computer toolset, by name. */
export const computerMembers = {
  key: {
    description: 'Presses a key or a combination of keys. "+" joins the keys of a combination.',
    properties: { text: keys, repeat: integer('How often to press it; 1 by default.') },
    required: ['text'],
  },
  hold_key: {
    description: 'Holds a key or a combination of keys down for some time.',
    properties: { text: keys, duration: seconds('How long, in seconds.') },
    required: ['text', 'duration'],
  },
  type: {
    description: 'Types a text on the keyboard.',
    properties: { text: text('The text.') },
    required: ['text'],
  },
  cursor_position: {
    description: 'Returns the position of the cursor in pixels.',
    properties: {},
  },
  mouse_move: {
    description: 'Moves the cursor without a click, to hover. To click, call a click directly.',
    properties: { coordinate: at },
    required: ['coordinate'],
  },
  left_mouse_down: {
    description: 'Presses the left mouse button where the cursor is, and holds it.',
    properties: {},
  },
  left_mouse_up: { description: 'Releases the left mouse button.', properties: {} },
  left_click: { description: 'Clicks with the left mouse button.', properties: click },
  left_click_drag: {
    description: 'Drags with the left mouse button from one position to another.',
    properties: {
      start_coordinate: numbers('[x, y] where the drag begins.'),
      coordinate: numbers('[x, y] where the drag ends.'),
      text: heldKeys,
    },
    required: ['start_coordinate', 'coordinate'],
  },
  right_click: { description: 'Clicks with the right mouse button.', properties: click },
  middle_click: { description: 'Clicks with the middle mouse button.', properties: click },
  double_click: { description: 'Clicks twice with the left mouse button.', properties: click },
  triple_click: {
    description: 'Clicks three times with the left mouse button.',
    properties: click,
  },
  scroll: {
    description: 'Turns the mouse wheel. Prefer it to the keys Page_Up and Page_Down.',
    properties: {
      scroll_direction: choice(directions, 'Where to scroll.'),
      scroll_amount: integer('How many clicks of the wheel.'),
      ...click,
    },
    required: ['scroll_direction', 'scroll_amount'],
  },
  wait: {
    description: 'Waits, for example until a program has started.',
    properties: { duration: seconds('How long, in seconds.') },
    required: ['duration'],
  },
  screenshot: { description: 'Takes a screenshot of the whole screen.', properties: {} },
  zoom: {
    description: 'Takes a screenshot of a part of the screen, enlarged to show details.',
    properties: { region: numbers('[x0, y0, x1, y1] in pixels of the whole screenshot.') },
    required: ['region'],
  },
} satisfies ToolsetMembers
