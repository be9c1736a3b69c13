package io.ringfence.sim.prove;

import java.io.IOException;
import java.nio.file.Path;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** Reports of other programs. */
final class Xml {

    private Xml() {
    }

    /**
     * Reads one.
     *
     * @param file the report
     * @param what what it should be, for the message if it is something else
     */
    static Element root(Path file, String what) throws IOException {
        try {
            return DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder().parse(file.toFile())
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(file + ": is no report of " + what, e);
        }
    }
}
