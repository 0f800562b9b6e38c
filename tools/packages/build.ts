// `npm run build`: compiles the packages of packages/ and packs them into dist/.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { guardEntry, wholeOf } from './guardEntry.ts'
import { entriesOf, type Manifest, type RootManifest, readManifests, readRoot } from './manifest.ts'
import { type Reached, reachedFrom } from './reached.ts'

const ROOT = join(import.meta.dirname, '..', '..')
/** Where compiled files stand in a package. */
const LIB = 'lib'
/** The oldest Node that any package serves: what needs no newer one is not guarded. */
const NODE_EVERYWHERE = 20
/** What npm says of all packages, file by file; a megabyte was too little. */
const TOLD_BYTES_MAX = 67_108_864
/** What people, and programs that help them, are shown of a package. */
const PAGES = ['README.md', 'llms.txt']

type LaidOut = Readonly<{ name: string; folder: string; files: number }>
export type Built = LaidOut & Readonly<{ tarball: string; bytes: number }>

/** Builds every package into `out`: `NAME/` as it is installed, and `NAME-VERSION.tgz`. */
export function buildPackages(out: string): Built[] {
  const manifests = readManifests(ROOT)
  const root = readRoot(ROOT)
  const compiled = mkdtempSync(join(tmpdir(), 'switchyard-build-'))
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  try {
    compile(compiled, manifests.flatMap(entriesOf))
    return packed(
      manifests.map((manifest) => layOut(manifest, { root, compiled, out })),
      out,
    )
  } finally {
    rmSync(compiled, { recursive: true, force: true })
  }
}

/** Compiles what the entries reach, in the folders in which it stands. */
function compile(compiled: string, entries: readonly string[]): void {
  const config = join(ROOT, `.tsconfig.build.${process.pid}.json`)
  const options = {
    noEmit: false,
    rootDir: '.',
    outDir: compiled,
    declaration: true,
    sourceMap: true,
    inlineSources: true,
    rewriteRelativeImportExtensions: true,
    stripInternal: true,
    // Otherwise a declaration names a type of ours by the package that it also is in.
    paths: {},
  }
  writeFileSync(
    config,
    JSON.stringify({ extends: './tsconfig.json', compilerOptions: options, include: ['adapters/**/*.d.ts'], files: [...new Set(entries)] }),
  )
  try {
    execFileSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', config], { cwd: ROOT, stdio: 'inherit' })
  } finally {
    rmSync(config)
  }
}

function layOut(manifest: Manifest, o: { root: RootManifest; compiled: string; out: string }): LaidOut {
  const folder = join(o.out, manifest.name)
  const reached = reachedFrom(o.compiled, entriesOf(manifest))
  for (const file of reached.files) {
    for (const part of [file, `${file}.map`, file.replace(/\.js$/, '.d.ts')]) {
      mkdirSync(dirname(join(folder, LIB, part)), { recursive: true })
      cpSync(join(o.compiled, part), join(folder, LIB, part))
    }
    pointDeclarations(join(folder, LIB, file.replace(/\.js$/, '.d.ts')))
  }
  const nodeMin = nodeMinOf(manifest)
  if (isGuarded(manifest)) {
    for (const file of Object.values(manifest.exports))
      guardEntry(join(folder, LIB), join(manifest.folder, file).replace(/\.ts$/, '.js'), { name: manifest.name, nodeMin })
  }
  for (const file of reached.beside.filter(isReadAsItIs)) cpSync(join(ROOT, file), join(folder, LIB, file))
  for (const page of PAGES) cpSync(join(ROOT, manifest.folder, page), join(folder, page))
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(publishedManifest(manifest, { ...o, reached }), null, 2)}\n`)
  return { name: manifest.name, folder, files: reached.files.length }
}

/** Pages, styles and the like; what else is named in this way is compiled, or a folder. */
function isReadAsItIs(file: string): boolean {
  return !file.endsWith('.ts') && (statSync(join(ROOT, file), { throwIfNoEntry: false })?.isFile() ?? false)
}

function nodeMinOf({ engines }: Manifest): number {
  return Number.parseInt(engines.node.replace(/^>=/, ''), 10)
}

function isGuarded(manifest: Manifest): boolean {
  return nodeMinOf(manifest) > NODE_EVERYWHERE
}

/** With one start of npm for all, which answers in their order. */
function packed(packages: readonly LaidOut[], out: string): Built[] {
  const folders = packages.map(({ folder }) => folder)
  const told: { filename: string; unpackedSize: number }[] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', out, ...folders], {
      cwd: out,
      encoding: 'utf8',
      maxBuffer: TOLD_BYTES_MAX,
    }),
  )
  return packages.map((laidOut, i) => {
    const { filename, unpackedSize } = told[i]!
    return { ...laidOut, tarball: join(out, filename), bytes: unpackedSize }
  })
}

/** Declarations keep the names of source files; whoever installs them has only the compiled ones. */
function pointDeclarations(path: string): void {
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.replace(/((?:from|import)\s*\(?\s*['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2'))
}

function publishedManifest(manifest: Manifest, o: { root: RootManifest; reached: Reached }): object {
  const { name, description, type, engines, sideEffects, peerDependencies, peerDependenciesMeta } = manifest
  const compiled = (file: string) => `./${LIB}/${join(manifest.folder, file).replace(/\.ts$/, '.js')}`
  const exported = Object.entries(manifest.exports).map(([path, file]) => [
    path,
    {
      types: compiled(file).replace(/\.js$/, '.d.ts'),
      // A word of bundlers, which Node does not know: they cannot see what the guard requires.
      ...(isGuarded(manifest) && { module: wholeOf(compiled(file)) }),
      default: compiled(file),
    },
  ])
  const bin = manifest.bin && Object.fromEntries(Object.entries(manifest.bin).map(([command, file]) => [command, compiled(file)]))
  const needed = [...o.reached.packages].filter((other) => peerDependencies?.[other] === undefined && other !== name).sort()
  return {
    name,
    version: o.root.version,
    description,
    license: o.root.license,
    type,
    engines,
    sideEffects,
    exports: { ...Object.fromEntries(exported), './package.json': './package.json' },
    ...(bin && { bin }),
    files: [LIB, ...PAGES],
    dependencies: Object.fromEntries(needed.map((other) => [other, versionOf(other, manifest, o.root)])),
    ...(peerDependencies && { peerDependencies }),
    ...(peerDependenciesMeta && { peerDependenciesMeta }),
  }
}

function versionOf(other: string, { name, build }: Manifest, { dependencies, devDependencies }: RootManifest): string {
  const version = dependencies[other] ?? (build?.forDevelopment ? devDependencies[other] : undefined)
  if (version === undefined) throw new Error(`${name} reaches ${other}, which is no dependency of the root; add it, or do not reach it`)
  return version
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, files, bytes, tarball } of buildPackages(join(ROOT, 'dist'))) {
    console.log(`${name.padEnd(22)} ${String(files).padStart(4)} files  ${String(Math.round(bytes / 1024)).padStart(6)} kB  ${tarball}`) // not money: bytes
  }
}
