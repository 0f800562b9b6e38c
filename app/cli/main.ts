#!/usr/bin/env node
import { start } from './start.ts'

await start(async () => {
  const [{ gatewayCommand }, { addDev }] = await Promise.all([import('./program.ts'), import('./words/dev.ts')])
  return gatewayCommand({ name: 'switchyard', first: [addDev] })
})
