import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { CommitThreadStart, FromCommitThread } from './commitElsewhere.ts'
import { BUSY_WAIT_MS, commitsOf } from './commits.ts'
import { blockTaker } from './sharedBlock.ts'

// Commits the journal's blocks that it is given, one at a time, beside the thread that makes them. An error of a commit ends the journal, so it is told
// and nothing more is taken.

// Set by `commitElsewhere`.
const { path, memory } = workerData as CommitThreadStart
const say = (message: FromCommitThread): void => parentPort!.postMessage(message)
const commits = commitsOf(new DatabaseSync(path, { timeout: BUSY_WAIT_MS }), path)
const take = blockTaker(memory)

say('ready')
for (let block = take(); block; block = take()) {
  try {
    commits.commit(block)
  } catch (error) {
    say({ error })
    break
  }
  say('done')
}
commits.close()
