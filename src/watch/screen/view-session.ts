import type { ChalkInstance } from "chalk";
import { numericNames } from "../../format/text/shown-names.js";
import type { Screen } from "../../host/host.js";
import type { NameResolver } from "../../names/resolver.js";
import { chooseForScreen } from "../reading/detail-policy.js";
import type { Reading, TableReader } from "../reading/reader.js";
import type { WatchedTable } from "../reading/watched-table.js";
import { type Pace, ticks } from "../ticks.js";
import type { Abilities } from "./columns.js";
import { parseKeys, pressKey, type ViewState } from "./keys.js";
import { NameCache } from "./name-cache.js";
import { RateMeter, shareWindow, type Trends } from "./rates.js";
import { type Picture, type RenderedScreen, renderPlain, renderScreen } from "./screen.js";

/** The longest time before a refresh that its rates cover, in milliseconds. */
const longestWindow = shareWindow + 600;

export interface ViewOptions extends Omit<Pace, "signal"> {
  readonly state: ViewState;
  readonly resolver: NameResolver;
  readonly abilities: Abilities;
  readonly chalk: ChalkInstance;
}

/** Watches the table: takes readings and draws or prints a picture of each. */
export class ViewSession {
  #state: ViewState;
  #reading: Reading | undefined;
  #before: WatchedTable | undefined;
  #trends: Trends | undefined;
  #error: string | undefined;
  #screen: RenderedScreen | undefined;
  #display: Screen | undefined;
  readonly #meter = new RateMeter();
  readonly #end = new AbortController();
  readonly #names: NameCache;

  constructor(
    private readonly reader: TableReader,
    private readonly options: ViewOptions,
  ) {
    this.#state = options.state;
    this.#names = new NameCache(options.resolver, () => this.redraw());
  }

  /** Prints a picture for each reading. Rejects where the first reading fails, since there is nothing to show. */
  async print(output: (text: string) => void): Promise<void> {
    await this.#run(() => {
      const picture = this.#picture();
      if (picture !== undefined) output(`${renderPlain(picture).join("\n")}\n\n`);
    });
  }

  /** Shows a picture for each reading, until `q` or the last one. Rejects where the first reading fails. */
  async show(display: Screen): Promise<void> {
    this.#display = display;
    await this.#run(() => this.redraw());
  }

  /** Draws the last reading, with whatever changed since. */
  redraw(): void {
    const picture = this.#picture();
    if (picture === undefined || this.#display === undefined) return;
    this.#screen = renderScreen(picture, this.#display.width, this.#display.height);
    this.#display.draw(this.#screen.lines);
  }

  /** Handles what was typed. */
  press(text: string): void {
    for (const key of parseKeys(text)) {
      const effect = pressKey(this.#state, key, this.#screen?.page ?? 0, this.#screen?.rows ?? 0);
      if (effect === "quit") this.#end.abort();
      else if (effect === "interrupt") this.#display?.die("SIGINT");
      else if (effect === "suspend") this.#display?.suspend();
      else this.#state = effect;
    }
    this.redraw();
  }

  async #run(shown: () => void): Promise<void> {
    const choose = chooseForScreen(
      () => this.#screen?.services ?? [],
      () => this.#display === undefined || ["conns", "packets", "bytes"].includes(this.#state.sort),
    );
    for await (const tick of ticks({ ...this.options, signal: this.#end.signal }, longestWindow)) {
      if (this.#state.paused) continue;
      if (tick === "ahead") {
        // A failure here repeats at the refresh, which shows it.
        await this.reader
          .read(choose)
          .then((reading) => this.#meter.sample(reading))
          .catch(() => {});
        continue;
      }
      try {
        const reading = await this.reader.read(choose);
        this.#before = this.#reading?.table;
        this.#reading = reading;
        this.#trends = this.#meter.measure(reading);
        this.#error = undefined;
      } catch (error) {
        if (this.#reading === undefined) throw error;
        this.#error = error instanceof Error ? error.message : String(error);
      }
      shown();
    }
  }

  #picture(): Picture | undefined {
    if (this.#reading === undefined || this.#trends === undefined) return undefined;
    const { interval, abilities, chalk } = this.options;
    return {
      source: {
        reading: this.#reading,
        before: this.#before,
        trends: this.#trends.rows,
        names: this.#state.numeric ? numericNames : this.#names,
      },
      total: this.#trends.total,
      state: this.#state,
      interval,
      error: this.#error,
      abilities,
      chalk,
    };
  }
}
