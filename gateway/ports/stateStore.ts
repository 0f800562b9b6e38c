/**
 * Named files of derived state: what can be built again from the journal, kept so that it need not be. Losing them costs time and never money, but
 * a file that was damaged must not be taken for a good one.
 */
export interface StateStore {
  /** Replaces the whole file, durably, and returns the SHA-256 of its content. Each part is done with when the next one is asked for. */
  write(name: string, parts: Iterable<Uint8Array>): Promise<Uint8Array>
  /** The whole content, or undefined when there is no such file. Throws when it is damaged. */
  read(name: string): Promise<Uint8Array | undefined>
  /**
   * `length` bytes from `offset`, in a buffer of their own. Synchronous, because it is needed in the middle of a decision. Throws when the file is missing,
   * damaged, or not the one with this digest.
   */
  readAt(name: string, digest: Uint8Array, offset: number, length: number): Uint8Array<ArrayBuffer>
  /** Removes a file, if it is there. */
  remove(name: string): Promise<void>
  close(): Promise<void>
}
