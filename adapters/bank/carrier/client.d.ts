/** What is used of ssh2, which ships no types. */
declare module 'ssh2' {
  import type { EventEmitter } from 'node:events'
  import type { Readable, Writable } from 'node:stream'

  type Done = (error?: Error | null) => void
  export type Attributes = Readonly<{ size: number; mtime: number; isFile(): boolean }>

  export type SftpSession = Readonly<{
    opendir(path: string, done: (error: Error | undefined, handle: Buffer) => void): void
    readdir(
      handle: Buffer,
      done: (error: (Error & { code?: number }) | undefined, list: readonly Readonly<{ filename: string; attrs: Attributes }>[]) => void,
    ): void
    close(handle: Buffer, done: Done): void
    stat(path: string, done: (error: (Error & { code?: number }) | undefined, attributes: Attributes) => void): void
    createReadStream(path: string): Readable
    createWriteStream(path: string): Writable
    rename(from: string, to: string, done: Done): void
    unlink(path: string, done: Done): void
  }>

  export class Client extends EventEmitter {
    connect(
      options: Readonly<{
        host: string
        port: number
        username: string
        privateKey: Buffer
        passphrase?: string
        readyTimeout: number
        keepaliveInterval: number
        keepaliveCountMax: number
        hostVerifier: (key: Buffer) => boolean
      }>,
    ): this
    sftp(done: (error: Error | undefined, session: SftpSession) => void): this
    end(): this
    destroy(): this
  }

  const ssh2: Readonly<{ Client: typeof Client }>
  export default ssh2
}
