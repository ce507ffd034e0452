"""The same page made by two versions of a library."""

import json
from collections.abc import Callable

from playwright.sync_api import Page

_CARD = """<div class="col-md-4"><div class="card mb-3"><div class="card-header">Order {number}</div>
<div class="card-body"><h5 class="card-title">Two books and a lamp</h5><p class="card-text">Paid by card on the
{number}th, to be sent when all of it is in stock.</p><a href="#" class="btn btn-primary">Open</a>
<a href="#" class="btn btn-outline-secondary">Cancel</a><span class="badge text-bg-warning ms-2">late</span>
</div></div></div>"""
_FORM = """<form class="row g-3 mb-4"><div class="col-md-6"><label class="form-label">Name</label>
<input class="form-control" value="A. Person"></div><div class="col-md-6"><label class="form-label">Country</label>
<select class="form-select"><option>Norway</option></select></div><div class="col-12 form-check ms-2">
<input class="form-check-input" type="checkbox" checked><label class="form-check-label">Send news</label></div></form>
<div class="alert alert-danger">One of the items is out of stock.</div><div class="progress mb-3">
<div class="progress-bar" style="width:40%">40 %</div></div><ul class="pagination"><li class="page-item active">
<a class="page-link">1</a></li><li class="page-item"><a class="page-link">2</a></li></ul>
<div class="accordion mb-3"><div class="accordion-item"><h2 class="accordion-header"><button
class="accordion-button">Delivery</button></h2><div class="accordion-body">Within <code>3</code> days.</div></div></div>
<ul class="list-group mb-3"><li class="list-group-item active">Open</li><li class="list-group-item">Sent</li></ul>"""


def bootstrap_page(base_url: str, version: str) -> Callable[[Page], None]:
    """Opens a shop's page of orders, with the style sheet of the "old" or the "new" version."""
    cards = "".join(_CARD.format(number=number) for number in range(12))
    table = "".join(f"<tr><td>{number}</td><td>Lamp</td><td>{number * 7}.50</td></tr>" for number in range(30))
    body = f"""<nav class="navbar navbar-expand navbar-dark bg-dark mb-4"><div class="container"><a
    class="navbar-brand">Shop</a><ul class="navbar-nav"><li class="nav-item"><a class="nav-link active">Orders</a></li>
    </ul></div></nav><div class="container"><h1>Orders</h1>{_FORM}<div class="row">{cards}</div>
    <table class="table table-striped table-hover"><tr><th>Number</th><th>Item</th><th>Price</th></tr>{table}</table>
    </div>"""
    sheet = f"{base_url}/bootstrap-{version}/dist/css/bootstrap.min.css"
    html = f'<!doctype html><html lang="en"><title>Orders</title><link rel="stylesheet" href="{sheet}">{body}</html>'

    def open_page(page: Page) -> None:
        page.set_content(html, wait_until="load")

    return open_page


def swagger_page(base_url: str, version: str) -> Callable[[Page], None]:
    """Opens the documentation of a made-up API, with the "old" or the "new" version, all operations unfolded."""
    operation = {
        "parameters": [{"name": "id", "in": "query", "description": "Which one", "schema": {"type": "integer"}}],
        "summary": "What it does in one line",
        "responses": {"200": {"description": "It was done"}, "404": {"description": "There is none"}},
    }
    paths = {
        f"/{noun}": {
            verb: {**operation, "tags": [noun], "operationId": f"{verb}-{noun}"} for verb in ("get", "post", "delete")
        }
        for noun in ("orders", "items", "people", "shops")
    }
    spec = {"openapi": "3.0.0", "info": {"title": "Shop", "version": "1"}, "paths": paths}
    folder = f"{base_url}/swagger-{version}"
    html = f"""<!doctype html><title>Shop</title><link rel="stylesheet" href="{folder}/swagger-ui.css">
    <div id="ui"></div><script src="{folder}/swagger-ui-bundle.js"></script>
    <script>SwaggerUIBundle({{dom_id: "#ui", spec: {json.dumps(spec)}, docExpansion: "full"}})</script>"""

    def open_page(page: Page) -> None:
        page.goto(f"{base_url}/pngjs/package.json")
        page.set_content(html, wait_until="load")
        page.wait_for_function("() => document.querySelectorAll('.responses-table').length >= 12", timeout=8_000)
        page.wait_for_timeout(300)

    return open_page
