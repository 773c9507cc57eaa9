package io.visitorcounter.web;

import io.visitorcounter.web.http.Response;
import io.visitorcounter.web.http.TextResource;

/** The description of every URL, for machines. A test holds it to the {@link Routes}. */
final class OpenApi {

    private static final Response RESPONSE =
            Response.ok(Response.JSON, TextResource.read(OpenApi.class, "openapi.json"));

    private OpenApi() {}

    static Response response() {
        return RESPONSE;
    }
}
