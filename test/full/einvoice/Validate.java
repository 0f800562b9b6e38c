import java.io.File;
import java.io.StringWriter;
import java.net.URL;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamResult;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.w3c.dom.ls.DOMImplementationLS;

/** Prints of each file a line: its name, how many rules were tried, and what the schema and the rules say against it. */
public class Validate {
  static final String RULES = "/external/schematron/1.3.15/ubl/EN16931-UBL-validation.xslt";
  static final String SCHEMA = "/external/schemas/ubl21/maindoc/UBL-Invoice-2.1.xsd";

  public static void main(String[] files) throws Exception {
    var factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
    var ls = (DOMImplementationLS) DocumentBuilderFactory.newInstance().newDocumentBuilder().getDOMImplementation();
    factory.setResourceResolver((type, namespace, publicId, systemId, base) -> {
      var input = ls.createLSInput();
      var found = place(namespace == null ? "" : namespace, systemId);
      input.setSystemId(found.toString());
      try {
        input.setByteStream(found.openStream());
      } catch (java.io.IOException e) {
        throw new IllegalStateException(e);
      }
      return input;
    });
    Schema schema = factory.newSchema(Validate.class.getResource(SCHEMA));
    var rules = new net.sf.saxon.TransformerFactoryImpl().newTemplates(new StreamSource(Validate.class.getResource(RULES).toString()));
    for (String file : files) {
      String said = "";
      try {
        schema.newValidator().validate(new StreamSource(new File(file)));
      } catch (org.xml.sax.SAXException e) {
        said += " schema";
      }
      var out = new StringWriter();
      rules.newTransformer().transform(new StreamSource(new File(file)), new StreamResult(out));
      var failed = Pattern.compile("<svrl:failed-assert[^>]*?\\bid=\"([^\"]+)\"", Pattern.DOTALL).matcher(out.toString());
      while (failed.find()) said += " " + failed.group(1);
      System.out.println(new File(file).getName() + " " + out.toString().split("<svrl:fired-rule").length + said);
    }
  }

  /** Some schemas name others by their namespace alone. */
  static URL place(String namespace, String systemId) {
    String file = systemId != null ? systemId.substring(systemId.lastIndexOf('/') + 1)
      : namespace.contains("01903/v1.4.1") ? "XAdES01903v141-201601.xsd"
      : namespace.contains("01903") ? "XAdES01903v132-201601.xsd"
      : namespace.contains("CoreComponentType") ? "CCTS_CCT_SchemaModule.xsd"
      : "xmldsig-core-schema.xsd";
    for (String folder : new String[] {"/external/schemas/ubl21/common/", "/schemas/"}) {
      URL found = Validate.class.getResource(folder + file);
      if (found != null) return found;
    }
    throw new IllegalStateException("no schema " + namespace + " " + systemId);
  }
}
