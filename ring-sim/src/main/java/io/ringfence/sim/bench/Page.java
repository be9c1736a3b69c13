package io.ringfence.sim.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

/** A run as a page that needs nothing else: the table, box plots of the rounds, and curves of latencies. */
public final class Page {

    private static final double[] PERCENTILES = {0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 99.999};

    private Page() {
    }

    /**
     * Makes it.
     *
     * @param report    the run
     * @param latencies as {@link Bench#latencies()} gives them
     * @return HTML
     * @throws IOException if a part of the page is missing in the program
     */
    public static String of(Report report, Map<String, List<double[]>> latencies) throws IOException {
        // What is inserted last is not searched for places to insert something.
        return resource("page.html").replace("${machine}", escaped(report.machine()))
                .replace("${date}", escaped(report.date().toString()))
                .replace("${kind}", report.quick() ? "quick" : "full").replace("${heads}", cells("th", Row.HEADS))
                .replace("${rows}", rows(report))
                .replace("${limits}", limits(report)).replace("${data}", data(report, latencies))
                .replace("${echarts}", resource("echarts.min.js"));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private static String limits(Report report) {
        StringBuilder text = new StringBuilder();
        report.limits().forEach((name, figure) -> text.append(String.format(Locale.ROOT, "<li>%s: %.1f</li>",
                escaped(name.replace('_', ' ')), figure)));
        return text.toString();
    }

    private static String cells(String tag, List<String> texts) {
        return texts.stream().map(text -> "<" + tag + ">" + escaped(text) + "</" + tag + ">")
                .collect(Collectors.joining());
    }

    private static String rows(Report report) {
        StringBuilder text = new StringBuilder();
        for (Answer answer : report.answers()) {
            text.append("<tr>").append(cells("td", Row.of(answer).cells())).append("</tr>\n");
            for (Part part : answer.parts()) {
                text.append(String.format(Locale.ROOT,
                        "<tr class=\"part\"><td></td><td colspan=\"%d\">%s: %s</td><td>%s</td></tr>%n",
                        Row.HEADS.size() - 2, escaped(part.name()), Row.figure(part.ours()),
                        part.met() ? "met" : "not met"));
            }
        }
        return text.toString();
    }

    /** What the plots show; in a script, so that nothing in it can end that. */
    private static String data(Report report, Map<String, List<double[]>> latencies) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeArrayFieldStart("questions");
            for (Answer answer : report.answers()) {
                json.writeStartObject();
                json.writeStringField("title", answer.id() + ": " + answer.work());
                Report.writeRounds(json, "series", answer);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeObjectFieldStart("latencies");
            for (Map.Entry<String, List<double[]>> each : latencies.entrySet()) {
                json.writeArrayFieldStart(each.getKey());
                for (double percentile : PERCENTILES) {
                    json.writeStartArray();
                    json.writeNumber(percentile);
                    json.writeNumber(percentile(each.getValue(), percentile));
                    json.writeEndArray();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        return text.toString().replace("<", "\\u003c");
    }

    /** The value at or below which so many percent lie; 0 without values. */
    static double percentile(List<double[]> histogram, double percent) {
        double all = histogram.stream().mapToDouble(pair -> pair[1]).sum();
        double seen = 0;
        for (double[] pair : histogram) {
            seen += pair[1];
            if (seen >= all * percent / 100) {
                return pair[0];
            }
        }
        return histogram.isEmpty() ? 0 : histogram.getLast()[0];
    }
}
