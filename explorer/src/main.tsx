import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./explorer.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Explorer } from "./explorer";

const container = document.getElementById("explorer");
if (!container) throw new Error("index.html has no element with the id `explorer`.");

createRoot(container).render(
  <StrictMode>
    <Explorer />
  </StrictMode>,
);
