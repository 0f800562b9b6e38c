#!/usr/bin/env node
import { start } from '../../app/cli/start.ts'

const words = process.argv.slice(2)
// Without a verb it is `dev`: the world is what this package is for.
const verbless = words.every((word) => word.startsWith('-') && !['-h', '--help', '-V', '--version'].includes(word))

await start(
  async () => ({ name: 'switchyard-dev', first: [(await import('../../app/cli/words/dev.ts')).addDev] }),
  verbless || words[0] === '--port' || words[0] === '--data' ? ['dev', ...words] : words,
)
