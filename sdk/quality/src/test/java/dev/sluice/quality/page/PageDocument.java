package dev.sluice.quality.page;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A page as a strict parser reads it: markup that got in through a value would not fit. */
record PageDocument(Document document) {

  static PageDocument of(String html) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      return new PageDocument(
          factory.newDocumentBuilder().parse(new InputSource(new StringReader(html))));
    } catch (ParserConfigurationException | IOException | SAXException e) {
      throw new AssertionError("not well-formed: " + e.getMessage(), e);
    }
  }

  List<Element> elements(String tag) {
    NodeList nodes = document.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  /** The elements that have a class among others. */
  List<Element> ofClass(String name) {
    return elements("*").stream()
        .filter(element -> List.of(element.getAttribute("class").split(" ")).contains(name))
        .toList();
  }

  /** The text of the only element that has a class. */
  String text(String name) {
    List<Element> found = ofClass(name);
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " elements of class " + name);
    }
    return found.get(0).getTextContent().replaceAll("[ \n]+", " ").strip();
  }

  List<String> texts(String name) {
    return ofClass(name).stream()
        .map(e -> e.getTextContent().replaceAll("[ \n]+", " ").strip())
        .toList();
  }
}
