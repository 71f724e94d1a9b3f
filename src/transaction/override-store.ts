import { parseOverrides, renderOverrides } from "../format/json/changes/override-document.js";
import { DocumentError } from "../format/json/document-error.js";
import { compactStyle } from "../format/json/json-style.js";
import type { Host } from "../host/host.js";
import type { Override } from "../model/override.js";
import { FileError } from "../platform/state/file-error.js";
import type { StateFolder } from "../platform/state/state-folder.js";

const overridesFile = "overrides.json";

/** The overrides of the network namespace's table. They end with the table, so they are in a folder that a boot empties. */
export class OverrideStore {
  private constructor(
    private readonly path: string,
    private readonly folder: StateFolder,
  ) {}

  /** Nothing is read or written yet. */
  static async open(host: Host): Promise<OverrideStore> {
    const path = `${host.stateFolders.run}/${await host.networkNamespace()}`;
    return new OverrideStore(path, host.files.folder(path));
  }

  /** None where there is no file. Rejects with a FileError, also for a file that is damaged. */
  async read(): Promise<readonly Override[]> {
    const bytes = await this.folder.read(overridesFile);
    try {
      return bytes === undefined ? [] : parseOverrides(bytes);
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      const advice = "remove the file to forget which weights are held";
      throw new FileError(`${this.path}/${overridesFile}`, `damaged: ${error.message}`, advice);
    }
  }

  /** Replaces the overrides; only under the lock of the table. Rejects with a FileError, with nothing changed. */
  async write(overrides: readonly Override[]): Promise<void> {
    if (overrides.length === 0) await this.folder.remove(overridesFile);
    else await this.folder.write(overridesFile, renderOverrides(overrides, compactStyle));
  }
}
