/** Names that a folder of the bank may hold; with more of them a person has to tidy there. */
export const LISTED_MAX = 10_000

/** A file at the bank: its size in bytes and the second in which it changed last. */
export type RemoteFile = Readonly<{ name: string; bytes: number; changedAt: number }>

/** The other side's word that it does not do what was asked, such as for want of a right or of room; the link is whole. */
export class RemoteRefused extends Error {}

/**
 * What a carrier asks of the other side. Everything throws `RemoteRefused` when it says no, and another error when the link is lost or the answer is late; then
 * nothing is known of what was asked, and the link is of no more use.
 */
export type Remote = Readonly<{
  /** The plain files of a folder; throws when there are more than `most`. */
  list(folder: string, most: number): Promise<readonly RemoteFile[]>
  /** Undefined when it is not there. */
  look(path: string): Promise<Omit<RemoteFile, 'name'> | undefined>
  /** Writes a file of this machine there, over what lies there under this name. */
  put(local: string, path: string): Promise<void>
  /** Reads a file into a new one of this machine; throws when it has more bytes than `bytesMax`. */
  get(path: string, local: string, bytesMax: number): Promise<void>
  /** Throws when something of the new name is there. */
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  close(): void
}>
