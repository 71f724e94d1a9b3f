import { decodeByteString } from "../format/json/byte-text.js";
import {
  checkRecordable,
  parsePlanBytes,
  type ReadPlan,
  type RecordedPlan,
  renderPlan,
} from "../format/json/changes/plan-document.js";
import { DocumentError } from "../format/json/document-error.js";
import { compactStyle } from "../format/json/json-style.js";
import type { Host } from "../host/host.js";
import { FileError } from "../platform/state/file-error.js";
import type { StateFolder } from "../platform/state/state-folder.js";
import { SystemError } from "../platform/system-calls.js";

/** How many plans are kept. */
const keptPlans = 20;

/** A plan that was carried out, or was about to be. */
export interface UndoEntry {
  /** `20261126T034512.123Z-apply`: when, and by which command. */
  readonly id: string;
  readonly command: string;
  readonly time: string;
}

/** A plan is saved before it is carried out. */
const unsavedAdvice = "nothing was changed, since `ipvsadm undo` has to be prepared first; see --undo-folder";

const fileName = /^((\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})Z-([a-z]+))\.json$/;

/**
 * The plans of the newest commands that changed the table. Each is saved before its first change, so that a command can be
 * undone however it ends.
 */
export class UndoStore {
  private constructor(
    private readonly path: string,
    private readonly folder: StateFolder,
    private readonly host: Host,
  ) {}

  /** The store of the network namespace's table, below the folder. Nothing is read or written yet. */
  static async open(host: Host, folder = `${host.stateFolders.lib}/undo`): Promise<UndoStore> {
    const path = `${folder}/${await host.networkNamespace()}`;
    return new UndoStore(path, host.files.folder(path), host);
  }

  /**
   * Saves a plan and drops the oldest beyond what is kept. Returns its id. Rejects with a FileError, or with a DocumentError
   * where the table has something that could not be read again.
   */
  async save(plan: RecordedPlan): Promise<string> {
    checkRecordable(plan);
    const [newest] = await this.list();
    // Ids are in the order of the commands, also where the clock was put back.
    const time = Math.max(plan.takenAt.getTime(), newest === undefined ? 0 : Date.parse(newest.time) + 1);
    const id = idOf(time, plan.command);
    try {
      await this.folder.write(`${id}.json`, renderPlan(plan, compactStyle));
    } catch (error) {
      if (!(error instanceof FileError && error.cause instanceof SystemError)) throw error;
      throw new FileError(error.path, error.cause, unsavedAdvice);
    }
    // The plan is saved, even if old ones cannot be removed.
    await this.#dropOldest().catch(() => {});
    return id;
  }

  /** Newest first. */
  async list(): Promise<UndoEntry[]> {
    const names = (await this.folder.list()).sort().reverse();
    return names.flatMap((name) => {
      const [, id, year, month, day, hour, minute, second, command] = fileName.exec(name) ?? [];
      if (id === undefined || command === undefined) return [];
      return { id, command, time: `${year}-${month}-${day}T${hour}:${minute}:${second}Z` };
    });
  }

  /** See Host.networkNamespaceSince. */
  namespaceSince(): Promise<number | undefined> {
    return this.host.networkNamespaceSince();
  }

  /** A plan by its id; undefined where there is none. Throws a DocumentError for a file that is damaged. */
  async read(id: string): Promise<ReadPlan | undefined> {
    if (!fileName.test(`${id}.json`)) return undefined;
    const bytes = await this.folder.read(`${id}.json`);
    try {
      return bytes && parsePlanBytes(bytes);
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      throw new DocumentError(error.message, "", `${decodeByteString(this.path)}/${id}.json: damaged: `);
    }
  }

  async #dropOldest(): Promise<void> {
    for (const old of (await this.list()).slice(keptPlans)) await this.remove(old.id);
  }

  async remove(id: string): Promise<void> {
    await this.folder.remove(`${id}.json`);
  }
}

/** Ids sort as times do. */
function idOf(time: number, command: string): string {
  return `${new Date(time).toISOString().replace(/[-:]/g, "")}-${command}`;
}
