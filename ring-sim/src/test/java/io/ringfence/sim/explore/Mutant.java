package io.ringfence.sim.explore;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** All of Ringfence in a class loader of its own, with one mistake in it. */
final class Mutant extends ClassLoader {

    private static final Path ROOT = Path.of(System.getProperty("ringfence.root"));

    private final Map<String, byte[]> wrong;

    private Mutant(Map<String, byte[]> wrong) {
        super("mutant", Mutant.class.getClassLoader());
        this.wrong = wrong;
    }

    /** Compiles the file with the mistake. */
    static Mutant of(Mutation mutation) throws IOException {
        Path file = ROOT.resolve(mutation.file());
        String source = Files.readString(file);
        int at = source.indexOf(mutation.text());
        if (at < 0 || source.indexOf(mutation.text(), at + 1) >= 0) {
            throw new AssertionError(mutation + ": must stand in " + file + " exactly once: " + mutation.text());
        }
        return new Mutant(compiled(file, source.replace(mutation.text(), mutation.wrong())));
    }

    /** The same, with no mistake. */
    static Mutant none() {
        return new Mutant(Map.of());
    }

    private static Map<String, byte[]> compiled(Path file, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> classes = new HashMap<>();
        StringWriter complaints = new StringWriter();
        var text = new SimpleJavaFileObject(URI.create("string:///" + file.getFileName()), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        try (JavaFileManager files = new ForwardingJavaFileManager<>(
                compiler.getStandardFileManager(null, null, null)) {
            @Override
            public JavaFileObject getJavaFileForOutput(Location location, String name, JavaFileObject.Kind kind,
                    FileObject sibling) {
                return new SimpleJavaFileObject(URI.create("bytes:///" + name), kind) {
                    @Override
                    public OutputStream openOutputStream() {
                        return classes.computeIfAbsent(name, _ -> new ByteArrayOutputStream());
                    }
                };
            }
        }) {
            List<String> options = List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"));
            if (!compiler.getTask(complaints, files, null, options, null, List.of(text)).call()) {
                throw new AssertionError(file + " with the mistake: " + complaints);
            }
        }
        Map<String, byte[]> bytes = new HashMap<>();
        classes.forEach((name, code) -> bytes.put(name, code.toByteArray()));
        return bytes;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("io.ringfence.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : findClass(name);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] code = wrong.get(name);
        if (code == null) {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                code = in.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
        return defineClass(name, code, 0, code.length);
    }

    /**
     * Plays schedules of a scenario on it.
     *
     * @return what went wrong in the first that broke a rule, or null
     */
    @SuppressWarnings("unchecked") // the class is loaded a second time, so only its interface is the same
    String explore(String scenario, int schedules) throws Exception {
        var play = (BiFunction<String, Integer, String>) loadClass(Play.class.getName()).getDeclaredConstructor()
                .newInstance();
        return play.apply(scenario, schedules);
    }

    /**
     * Runs the program on it.
     *
     * @return exit code and standard output
     */
    @SuppressWarnings("unchecked") // as above
    String[] program(String... arguments) throws Exception {
        var program = (Function<String[], String[]>) loadClass("io.ringfence.sim.cli.ProgramInMutant")
                .getDeclaredConstructor().newInstance();
        return program.apply(arguments);
    }

    /** What is called in the other class loader. */
    public static final class Play implements BiFunction<String, Integer, String> {

        /** For reflection. */
        public Play() {
        }

        @Override
        public String apply(String scenario, Integer schedules) {
            var plan = new Exploration.Plan(List.of(scenario), schedules, 1, false, Exploration.Strategies.MIXED);
            try {
                Exploration.Result result = new Exploration(plan).explore(_ -> {});
                return result.violations().isEmpty() ? null
                        : result.schedules() + " schedules: " + Exploration.describe(result.violations().getFirst());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
