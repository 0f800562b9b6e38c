import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { NO_PROGRESS_MS } from '../../../gateway/ports/patience.ts'
import { freePort } from '../../freePorts.ts'

const INSTALL_MS_MAX = 300_000
const PROGRAM = '/usr/sbin/sshd'
/** The folder that a server of root locks its unprivileged half into; a service manager would make it. */
const EMPTY = '/run/sshd'

/** Installs the server where it is missing and root runs the tests. Throws with what is missing. */
function findSshd(root: boolean): void {
  if (existsSync(PROGRAM)) return
  if (!root) throw new Error("these tests need the program sshd (Debian's package openssh-server)")
  // Names of packages go out of date on a machine whose lists are older than the archive.
  run('apt-get', ['update', '-qq'])
  run('apt-get', ['install', '-qq', '-y', '--no-install-recommends', 'openssh-server'])
}

function run(program: string, words: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stderr, error } = spawnSync(program, words, { env, encoding: 'utf8', timeout: INSTALL_MS_MAX })
  if (status === 0) return
  throw new Error(
    `these tests need the program sshd (Debian's package openssh-server): ${program} ${words[0]}: ${error?.message ?? stderr}`,
  )
}

/** A pair of keys of OpenSSH; its file and, for the public half, the fingerprint that `ssh-keygen -l` shows. */
function keyPair(file: string, passphrase = ''): string {
  run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', '', '-f', file])
  const shown = spawnSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' })
  return /SHA256:\S+/.exec(shown.stdout)![0]
}

/** A server of OpenSSH that serves SFTP alone, to one user with one key, on a free port of loopback. */
export async function startSshServer() {
  const root = process.getuid?.() === 0
  findSshd(root)
  if (root) mkdirSync(EMPTY, { recursive: true, mode: 0o755 })
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-sftp-'))
  const at = (name: string) => join(folder, name)
  const hostKey = keyPair(at('host'))
  keyPair(at('ours'), 'a lock')
  writeFileSync(at('authorized'), readFileSync(at('ours.pub')))
  for (const name of ['bank', 'bank/outbox', 'bank/inbox']) mkdirSync(at(name))
  const port = await freePort()
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${at('host')}`,
    `AuthorizedKeysFile ${at('authorized')}`,
    'StrictModes no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'PidFile none',
    'Subsystem sftp internal-sftp',
    'ForceCommand internal-sftp',
  ]
  writeFileSync(at('config'), `${lines.join('\n')}\n`)
  let server: ChildProcess | undefined
  let said = ''

  async function start(): Promise<void> {
    server = spawn(PROGRAM, ['-D', '-e', '-f', at('config')], { stdio: ['ignore', 'ignore', 'pipe'] })
    server.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    const until = Date.now() + NO_PROGRESS_MS
    while (!(await answers(port))) {
      if (server.exitCode !== null || Date.now() > until) throw new Error(`sshd does not run: ${said}`)
      await sleep(20)
    }
  }

  /** With the processes of its links, which begin sessions of their own. */
  async function stop(): Promise<void> {
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    for (const id of withChildren(server.pid!)) killIfThere(id) // It was started, so it has a number.
    await ended
  }

  return {
    host: '127.0.0.1',
    port,
    user: userInfo().username,
    keyFile: at('ours'),
    passphrase: 'a lock',
    hostKey,
    /** The bank's folder, of which the server serves `outbox` and `inbox`. */
    bankFolder: at('bank'),
    said: () => said,
    start,
    stop,
    async close() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.unref()
    socket.once('connect', () => socket.destroy())
  })
}

/** A process and all below it, as Linux lists them. */
function withChildren(id: number): number[] {
  const children = readFileSync(`/proc/${id}/task/${id}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  return [id, ...children.flatMap(withChildren)]
}

function killIfThere(id: number): void {
  try {
    process.kill(id, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
