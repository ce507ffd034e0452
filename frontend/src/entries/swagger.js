// The API documentation page: <div id="swagger-ui" data-openapi-url="/openapi.json">.
// No validator badge, no remote anything: all of it comes from our own origin.
import "swagger-ui-dist/swagger-ui.css";
import "../styles/swagger.css";
import SwaggerUIBundle from "swagger-ui-dist/swagger-ui-es-bundle.js";

const element = document.getElementById("swagger-ui");
SwaggerUIBundle({
  domNode: element,
  url: element.dataset.openapiUrl,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
