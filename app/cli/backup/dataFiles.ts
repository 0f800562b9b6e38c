import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'

/**
 * What is not copied as it is: the journal, which is read block by block; what follows from it and is built again at the next start; answers that are kept for
 * minutes; locks; and a database's log, which goes with the database.
 */
const LEFT_OUT = /^(?:journal\.db.*|read\.db.*|audit\.db.*|.*\.lock|.*-wal|.*-shm|.*\.new)$/
const FOLDERS_LEFT_OUT = ['state', 'answers']

/** A file of a data folder, and whether it is a database that a gateway may have open. */
type DataFile = Readonly<{ name: string; path: string; database: boolean }>

/** The files of a data folder beside its journal, and those that it links to. Throws `unsafe_configuration` for what would be left out unseen. */
export function dataFiles(dataDir: string): DataFile[] {
  return readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !LEFT_OUT.test(entry.name))
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .map(({ entry, path }) => ({ entry, path, name: relative(dataDir, path) }))
    .filter(({ name }) => FOLDERS_LEFT_OUT.every((folder) => name !== folder && !name.startsWith(`${folder}/`)))
    .map(({ entry, path, name }) => {
      const database = path.endsWith('.db')
      const why = obstacle(entry, path, database)
      if (why === undefined) return { name, path, database }
      const hint = 'Put the file or folder itself there, or take it out of the data folder.'
      throw new GatewayError('unsafe_configuration', `${name} in ${dataDir} cannot be copied: ${why}`, { hint })
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** A secret is often a link to what is mounted. A database's log lies beside the file itself, so a link to one would be read without it. */
function obstacle(entry: Dirent, path: string, database: boolean): string | undefined {
  if (entry.isFile()) return undefined
  if (!entry.isSymbolicLink()) return 'it is neither a file nor a folder'
  if (database) return 'it is a link to a database'
  const target = statSync(path, { throwIfNoEntry: false })
  if (!target) return 'it is a link to what is not there'
  return target.isFile() ? undefined : 'it is a link to what is no file'
}
