import protobuf from '../../facts/protobuf.json'
import { protobufReader, type ProtobufTable } from '../machinery/protobuf.ts'
import docs from '../machinery/schema/generated/schema-docs.json'
import { openApiServer } from '../sim/apiserver/openapi/serve.ts'
import type { HttpExtras } from '../sim/apiserver/http.ts'

const described = docs as Readonly<Record<string, { d?: string; f?: Readonly<Record<string, string>> } | undefined>>

/** What a server outside of the page adds for its clients: protobuf bodies, and documentation in OpenAPI documents. */
export const httpExtras: HttpExtras = {
  decodeProtobuf: protobufReader(protobuf as unknown as ProtobufTable),
  openApi: openApiServer((definition, field) =>
    field === undefined ? described[definition]?.d : described[definition]?.f?.[field],
  ),
}
