import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import ssh2, { type Attributes, type Client, type SftpSession } from 'ssh2'
import { type Remote, type RemoteFile, RemoteRefused } from './remote.ts'

/** `keyFile`: our private key in OpenSSH's format. `hostKey`: the server's, as `ssh-keygen -l` shows it: "SHA256:" and 43 characters. */
export type SftpServer = Readonly<{ host: string; port: number; user: string; keyFile: string; passphrase?: string; hostKey: string }>

const CONNECT_MS = 20_000
const ANSWER_MS = 60_000
const TRANSFER_MS = 15 * 60_000
const ALIVE_MS = 15_000
const ALIVE_LOST = 3
/** SSH_FX_EOF and SSH_FX_NO_SUCH_FILE of draft-ietf-secsh-filexfer-02, section 7. */
const [END_OF_FILE, NOT_THERE] = [1, 2]

/** The fingerprint of a host's key as OpenSSH shows it. */
const fingerprint = (key: Buffer) => `SHA256:${createHash('sha256').update(key).digest('base64').replaceAll('=', '')}`

/**
 * A link to the bank's SFTP server (SSH File Transfer Protocol, version 3). Throws with what to change when the server does not answer, shows another key than
 * `hostKey`, or refuses ours; nothing is sent to a server with another key.
 */
export async function connectSftp(server: SftpServer): Promise<Remote> {
  const client = new ssh2.Client()
  const within = boundBy(client)
  const session = await openSession(client, server, within)
  return {
    list: (folder, most) => within(TRANSFER_MS, `listing ${folder}`, () => listFolder(session, folder, most)),
    look: (path) =>
      within(ANSWER_MS, `looking at ${path}`, () =>
        asked<Attributes>((done) => session.stat(path, done)).then(
          ({ size, mtime }) => ({ bytes: size, changedAt: mtime }),
          (error: unknown) => {
            if (codeOf(error) === NOT_THERE) return undefined
            throw error
          },
        ),
      ),
    put: (local, path) =>
      within(TRANSFER_MS, `writing ${path}`, (signal) => pipeline(createReadStream(local), session.createWriteStream(path), { signal })),
    get: (path, local, bytesMax) =>
      within(TRANSFER_MS, `reading ${path}`, (signal) => {
        const into = createWriteStream(local, { flags: 'wx', mode: 0o600 })
        return pipeline(session.createReadStream(path), atMost(bytesMax), into, { signal })
      }),
    rename: (from, to) => within(ANSWER_MS, `renaming ${from}`, () => asked<void>((done) => session.rename(from, to, done))),
    remove: (path) => within(ANSWER_MS, `removing ${path}`, () => asked<void>((done) => session.unlink(path, done))),
    close: () => {
      client.end()
    },
  }
}

async function openSession(client: Client, server: SftpServer, within: Within): Promise<SftpSession> {
  const { host, port, user, keyFile, passphrase, hostKey } = server
  const privateKey = await readFile(keyFile)
  let shown: string | undefined
  const hostVerifier = (key: Buffer) => {
    shown = fingerprint(key)
    return shown === hostKey
  }
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve)
      client.once('error', reject)
      client.once('close', () => reject(new Error('it closed the link')))
      client.connect({
        host,
        port,
        username: user,
        privateKey,
        ...(passphrase === undefined ? {} : { passphrase }),
        readyTimeout: CONNECT_MS,
        keepaliveInterval: ALIVE_MS,
        keepaliveCountMax: ALIVE_LOST,
        hostVerifier,
      })
    })
    return await within(ANSWER_MS, 'asking for SFTP', () => asked<SftpSession>((done) => client.sftp(done)))
  } catch (error) {
    client.destroy()
    throw new Error(`${host}:${port}: ${whyNot(error, { user, hostKey, shown })}`, { cause: error })
  }
}

type Met = Readonly<{ user: string; hostKey: string; shown: string | undefined }>

function whyNot(error: unknown, { user, hostKey, shown }: Met): string {
  if (shown !== undefined && shown !== hostKey) {
    return `the server shows the key ${shown}, and hostKey says ${hostKey}. Ask the bank which is its own before you change the setting`
  }
  const level = error instanceof Error && 'level' in error ? error.level : undefined
  if (level === 'client-authentication')
    return `it does not take the key of ${user}: give the bank the public half of keyFile, or correct user`
  return error instanceof Error ? error.message : String(error)
}

/** One callback of ssh2 as a promise. */
function asked<T>(ask: (done: (error?: Error | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, value) => (error ? reject(error) : resolve(value as T))) // ssh2 gives a value, or an error.
  })
}

type Within = <T>(ms: number, what: string, work: (signal: AbortSignal) => Promise<T>) => Promise<T>

/**
 * Each question ends with its answer, at its deadline or with the link, whichever is first: ssh2 answers nothing that is asked when the link is lost, and not
 * always what was asked before. A late answer ends the link, so that nothing of it can come later.
 */
function boundBy(client: Client): Within {
  const lost = new AbortController()
  let broken = 'the link was lost'
  client.on('error', ({ message }: Error) => {
    broken = message
  })
  client.once('close', () => lost.abort())
  return async function within(ms, what, work) {
    const deadline = AbortSignal.timeout(ms)
    const ended = AbortSignal.any([lost.signal, deadline])
    const { promise: never, reject } = Promise.withResolvers<never>()
    const end = () => reject(new Error(lost.signal.aborted ? broken : `no end after ${ms / 1_000} seconds`))
    if (ended.aborted) end()
    ended.addEventListener('abort', end)
    const working = work(ended)
    // When the race is lost, nobody hears it any more.
    working.catch(() => undefined)
    try {
      return await Promise.race([working, never])
    } catch (error) {
      if (deadline.aborted) client.destroy()
      const words = `${what}: ${error instanceof Error ? error.message : String(error)}`
      throw typeof codeOf(error) === 'number' && !ended.aborted
        ? new RemoteRefused(words, { cause: error })
        : new Error(words, { cause: error })
    } finally {
      ended.removeEventListener('abort', end)
    }
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined)

async function listFolder(session: SftpSession, folder: string, most: number): Promise<RemoteFile[]> {
  const handle = await asked<Buffer>((done) => session.opendir(folder, done))
  const found: RemoteFile[] = []
  let all = 0
  try {
    for (;;) {
      for (const { filename, attrs } of await asked((done: Parameters<SftpSession['readdir']>[1]) => session.readdir(handle, done))) {
        all += 1
        if (attrs.isFile()) found.push({ name: filename, bytes: attrs.size, changedAt: attrs.mtime })
      }
      if (all > most) throw new Error(`more than ${most} names are there: tidy up, or have them deleted when they are taken`)
    }
  } catch (error) {
    if (codeOf(error) === END_OF_FILE) return found
    throw error
  } finally {
    session.close(handle, () => undefined)
  }
}

/** Passes bytes on, and throws at the first that is too much. */
function atMost(bytesMax: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length
      if (bytes > bytesMax) done(new Error(`it has more than ${bytesMax} bytes`))
      else done(null, chunk)
    },
  })
}
