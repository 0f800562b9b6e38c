// The process of a gateway in the local world: it reads the program while the world still starts, then is told its configuration's file.
import { runGateway } from './gateway.ts'
import { tell } from './trouble.ts'

process.once('disconnect', () => process.exit(0))
// The parent is `app/yard` alone.
process.once('message', ({ config }: { config: string }) => {
  runGateway({ config }).then(
    (code) => process.exit(code),
    (error: unknown) => process.exit(tell(error, [], 'switchyard')),
  )
})
