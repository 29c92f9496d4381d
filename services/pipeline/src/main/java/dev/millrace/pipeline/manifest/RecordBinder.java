package dev.millrace.pipeline.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.millrace.pipeline.plan.Problems;
import dev.millrace.pipeline.plan.Suggestion;

import tools.jackson.databind.JsonNode;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Binds a YAML tree to the resource's records. Unlike a general object mapper it does not stop at
 * the first fault: every unknown setting and every value of the wrong kind is noted with its path,
 * and the rest is bound.
 */
final class RecordBinder {
    private final Problems problems;

    RecordBinder(Problems problems) {
        this.problems = problems;
    }

    /** Binds a node to a type; {@code null} where it is absent or wrong. */
    <T> T bind(String path, JsonNode node, Class<T> type) {
        return type.cast(value(path, node, type));
    }

    private Object value(String path, JsonNode node, Type type) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? list(path, node, arguments[0])
                    : map(path, node, arguments[1]);
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isRecord()) {
            return record(path, node, raw);
        }
        if (raw.isEnum()) {
            return enumeration(path, node, raw);
        }
        return scalar(path, node, raw);
    }

    private Object record(String path, JsonNode node, Class<?> type) {
        if (!node.isObject()) {
            return wrong(path, node, "settings (name: value)");
        }
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        List<String> known = Arrays.stream(components).map(RecordBinder::name).toList();
        node.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .forEach(
                        name ->
                                problems.add(
                                        path + "." + name,
                                        "is no setting here" + Suggestion.of(name, known)));
        for (int i = 0; i < components.length; i++) {
            String name = known.get(i);
            values[i] = value(path + "." + name, node.get(name), components[i].getGenericType());
        }
        try {
            Class<?>[] types =
                    Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type.getSimpleName(), e);
        }
    }

    private static String name(RecordComponent component) {
        JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
        return property == null || property.value().isEmpty()
                ? component.getName()
                : property.value();
    }

    private List<Object> list(String path, JsonNode node, Type element) {
        if (!node.isArray()) {
            wrong(path, node, "a list");
            return null;
        }
        List<Object> list = new ArrayList<>();
        for (JsonNode item : node) {
            String at = path + "[" + list.size() + "]";
            if (item.isNull()) {
                problems.unreadable(at, "is empty; write an item, or take it out");
            }
            list.add(value(at, item, element));
        }
        // what could not be bound was noted, and stays null, so that the others keep their index
        return list;
    }

    private Map<String, Object> map(String path, JsonNode node, Type element) {
        if (!node.isObject()) {
            wrong(path, node, "settings (name: value)");
            return null;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        node.forEachEntry((name, item) -> map.put(name, value(path + "." + name, item, element)));
        return map;
    }

    private Object enumeration(String path, JsonNode node, Class<?> type) {
        Map<String, Object> constants = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            constants.put(constantName((Enum<?>) constant), constant);
        }
        Object constant = node.isString() ? constants.get(node.stringValue()) : null;
        if (constant == null) {
            problems.unreadable(
                    path,
                    node
                            + " is not one of "
                            + String.join(", ", constants.keySet())
                            + (node.isString() ? nearest(node.stringValue(), constants) : ""));
        }
        return constant;
    }

    private static String nearest(String text, Map<String, Object> constants) {
        String suggestion = Suggestion.of(text, constants.keySet());
        return suggestion.contains("did you mean") ? suggestion : "";
    }

    private static String constantName(Enum<?> constant) {
        try {
            JsonProperty property =
                    constant.getDeclaringClass()
                            .getField(constant.name())
                            .getAnnotation(JsonProperty.class);
            return property == null ? constant.name() : property.value();
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object scalar(String path, JsonNode node, Class<?> type) {
        if (type == String.class) {
            if (node.isString()) {
                return node.stringValue();
            }
            return wrong(
                    path,
                    node,
                    node.isValueNode()
                            ? "text: write \"" + node.asString() + "\" in quotes"
                            : "text");
        } else if (type == Boolean.class) {
            return node.isBoolean() ? node.booleanValue() : wrong(path, node, "true or false");
        } else if (type == Integer.class) {
            return node.isInt() ? node.intValue() : wrong(path, node, "a whole number");
        } else if (type == Long.class) {
            return node.isIntegralNumber() && node.canConvertToLong()
                    ? node.longValue()
                    : wrong(path, node, "a whole number");
        } else if (type == Double.class) {
            return node.isNumber() ? node.doubleValue() : wrong(path, node, "a number");
        } else if (type == Object.class) {
            return any(path, node);
        }
        throw new IllegalStateException("no binding for " + type);
    }

    private Object any(String path, JsonNode node) {
        if (node.isObject()) {
            return map(path, node, Object.class);
        } else if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(item -> list.add(item.isNull() ? null : any(path, item)));
            return list;
        } else if (node.isBoolean()) {
            return node.booleanValue();
        } else if (node.isInt()) {
            return node.intValue();
        } else if (node.isNumber()) {
            return node.numberValue();
        }
        return node.asString();
    }

    private Object wrong(String path, JsonNode node, String needs) {
        String is =
                switch (node.getNodeType()) {
                    case OBJECT -> "settings";
                    case ARRAY -> "a list";
                    case STRING -> "the text \"" + node.stringValue() + "\"";
                    default -> node.toString();
                };
        problems.unreadable(path, "is " + is + ", needs " + needs);
        return null;
    }
}
