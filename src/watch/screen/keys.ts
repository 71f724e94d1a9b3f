import { type SortOrder, sortOrders } from "./rows.js";

/** The part of the view that keys can change. */
export interface ViewState {
  readonly sort: SortOrder;
  readonly reversed: boolean;
  readonly filter: string;
  /** Characters go to the filter. */
  readonly isTyping: boolean;
  readonly numeric: boolean;
  readonly paused: boolean;
  readonly help: boolean;
  /** Rows above the window. */
  readonly offset: number;
}

export const startingView: ViewState = {
  sort: "name",
  reversed: false,
  filter: "",
  isTyping: false,
  numeric: false,
  paused: false,
  help: false,
  offset: 0,
};

/** The view after a key, or what the program should do. */
export type Effect = ViewState | "quit" | "interrupt" | "suspend";

const escapeSequences: Readonly<Record<string, string>> = {
  "[A": "up",
  "[B": "down",
  "[5~": "page-up",
  "[6~": "page-down",
  "[H": "home",
  "[F": "end",
  "[1~": "home",
  "[4~": "end",
  OA: "up",
  OB: "down",
  OH: "home",
  OF: "end",
};

const controls: Readonly<Record<string, string>> = {
  "\x03": "interrupt",
  "\x1a": "suspend",
  "\x1b": "escape",
  "\r": "enter",
  "\n": "enter",
  "\x7f": "backspace",
  "\b": "backspace",
};

/** The keys in what a terminal sent: names for control keys, else the character. Unknown escape sequences are dropped. */
export function parseKeys(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals send them.
  const parts = text.matchAll(/\x1b(\[[0-?]*[ -/]*[@-~]|O[ -~])|[\s\S]/gu);
  return Array.from(parts, ([part, sequence]) =>
    sequence === undefined ? (controls[part] ?? part) : (escapeSequences[sequence] ?? ""),
  ).filter((key) => key !== "");
}

/** What a key does. `page`: rows in the window; `rows`: rows there are. */
export function pressKey(state: ViewState, key: string, page: number, rows: number): Effect {
  if (key === "interrupt" || key === "suspend") return key;
  if (state.isTyping) return type(state, key);
  if (state.help) return key === "q" ? "quit" : { ...state, help: false };
  const scroll = (offset: number) => ({ ...state, offset: Math.max(0, Math.min(offset, rows - page)) });
  switch (key) {
    case "q":
      return "quit";
    case "p":
    case " ":
      return { ...state, paused: !state.paused };
    case "s":
      return { ...state, sort: after(state.sort), offset: 0 };
    case "r":
      return { ...state, reversed: !state.reversed };
    case "/":
      return { ...state, isTyping: true, filter: "", offset: 0 };
    case "escape":
      return { ...state, filter: "", offset: 0 };
    case "n":
      return { ...state, numeric: !state.numeric };
    case "h":
    case "?":
      return { ...state, help: true };
    case "up":
    case "k":
      return scroll(state.offset - 1);
    case "down":
    case "j":
      return scroll(state.offset + 1);
    case "page-up":
      return scroll(state.offset - page);
    case "page-down":
      return scroll(state.offset + page);
    case "home":
      return scroll(0);
    case "end":
      return scroll(rows);
    default:
      return state;
  }
}

function type(state: ViewState, key: string): ViewState {
  switch (key) {
    case "enter":
      return { ...state, isTyping: false };
    case "escape":
      return { ...state, isTyping: false, filter: "" };
    case "backspace":
      return { ...state, filter: state.filter.slice(0, -1) };
    default:
      return /^[ -~]$/.test(key) ? { ...state, filter: state.filter + key.toLowerCase() } : state;
  }
}

function after(sort: SortOrder): SortOrder {
  return sortOrders[(sortOrders.indexOf(sort) + 1) % sortOrders.length] ?? "name";
}
