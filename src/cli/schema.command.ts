import { Option, type Command } from "commander";
import { ROLES, type Role } from "../access/permission.js";
import { permissionsOf } from "../access/viewer.js";

export function addSchemaCommand(program: Command): void {
  program
    .command("schema")
    .description("print the GraphQL schema, as in schema.graphql")
    .addOption(new Option("--audience <role>", "only what callers of this role may use").choices(Object.keys(ROLES)))
    .action(async ({ audience }: { audience?: Role }) => {
      // Only this command needs the schema, which takes longer to load than all others together.
      await import("reflect-metadata");
      const { createSchema } = await import("../app.js");
      const { permissionMap, printGatewaySchema } = await import("../graphql/schema/schema.js");
      const { schemaForAudience } = await import("../graphql/schema/audience-schema.js");
      const schema = createSchema();
      process.stdout.write(printGatewaySchema(audience ? schemaForAudience(schema, permissionMap, permissionsOf([audience])) : schema));
    });
}
