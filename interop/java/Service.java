import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Passes on what the service at the URL in `then` answers. Without one, says which context it was called with.
 * It knows nothing of telemetry.
 */
public class Service {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    public static void main(String[] arguments) throws IOException {
        var address = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
        var server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/items", Service::item);
        server.start();
    }

    private static void item(HttpExchange exchange) throws IOException {
        var status = 200;
        String answer;
        try {
            var query = exchange.getRequestURI().getRawQuery();
            if (query != null && query.startsWith("then=")) {
                var then = URLDecoder.decode(query.substring("then=".length()), StandardCharsets.UTF_8);
                var request = HttpRequest.newBuilder(URI.create(then)).build();
                var response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
                status = response.statusCode();
                answer = response.body();
            } else {
                answer = heard(exchange);
            }
        } catch (Exception error) {
            status = 502;
            answer = error.toString();
        }
        var body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static String heard(HttpExchange exchange) {
        return Stream.of("traceparent", "tracestate", "baggage")
            .filter(exchange.getRequestHeaders()::containsKey)
            .map(name -> "\"%s\": \"%s\"".formatted(name, exchange.getRequestHeaders().getFirst(name)))
            .collect(Collectors.joining(", ", "{", "}"));
    }
}
