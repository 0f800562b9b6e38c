#!/usr/bin/env node
import { start } from '../../app/cli/start.ts'

const words = process.argv.slice(2)
// Without a verb it is `dev`: the world is what this package is for.
const verbless = words.every((word) => word.startsWith('-') && !['-h', '--help', '-V', '--version'].includes(word))

await start(
  async () => {
    const [{ gatewayCommand }, { addDev }] = await Promise.all([import('../../app/cli/program.ts'), import('../../app/cli/words/dev.ts')])
    return gatewayCommand({ name: 'switchyard-dev', first: [addDev] })
  },
  { words: verbless || words[0] === '--port' || words[0] === '--data' ? ['dev', ...words] : words },
)
