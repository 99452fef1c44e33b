import type { Command } from "commander";

export function addSchemaCommand(program: Command): void {
  program
    .command("schema")
    .description("print the GraphQL schema, as in schema.graphql")
    .action(async () => {
      // Only this command needs the schema, which takes longer to load than all others together.
      await import("reflect-metadata");
      const { createSchema } = await import("../app.js");
      const { printGatewaySchema } = await import("../graphql/schema.js");
      process.stdout.write(printGatewaySchema(createSchema()));
    });
}
