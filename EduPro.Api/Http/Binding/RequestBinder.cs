using System.Collections;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace EduPro.Api.Http.Binding;

/// <summary>
/// Fills a request type from fields, collecting every fault instead of stopping at the first. A property is required
/// when C# says <c>required</c>, nullable when its type is; <see cref="Optional{T}"/> tells absent from null. Lists
/// hold scalars or objects that are bound the same way, with dotted paths.
/// </summary>
internal static class RequestBinder
{
    private static readonly ConditionalWeakTable<Type, BoundProperty[]> Plans = [];

    /// <summary>The properties of a request type, as the binder sees them.</summary>
    public static IReadOnlyList<BoundProperty> PropertiesOf(Type request) =>
        Plans.GetValue(
            request,
            static type =>
                [
                    .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                        .Where(property => property.SetMethod is not null)
                        .Select(property => new BoundProperty(property)),
                ]
        );

    public static object Bind(
        Type request,
        RequestFields fields,
        Faults faults,
        string path = "",
        Dialect? dialect = null
    )
    {
        dialect?.Rename(path, fields);
        var target = Activator.CreateInstance(request)!;
        foreach (var property in PropertiesOf(request))
            property.Bind(target, fields, faults, path, dialect);
        return target;
    }
}

/// <summary>One property of a request type: its wire name, its type, and how it is read.</summary>
internal sealed class BoundProperty
{
    private readonly Action<object, object?> set;
    private readonly MaxLengthAttribute maxLength;
    private readonly bool keepsBlanks,
        allowsBlank;
    private readonly string? invalidMessage;

    public BoundProperty(PropertyInfo property)
    {
        Property = property;
        Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        var nullability = new NullabilityInfoContext().Create(property);
        IsOptional =
            property.PropertyType.IsGenericType
            && property.PropertyType.GetGenericTypeDefinition() == typeof(Optional<>);
        var declared = IsOptional ? property.PropertyType.GenericTypeArguments[0] : property.PropertyType;
        ValueType = Nullable.GetUnderlyingType(declared) ?? declared;
        IsNullable =
            declared != ValueType
            || (IsOptional ? nullability.GenericTypeArguments[0] : nullability).WriteState is NullabilityState.Nullable;
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        IsFile = typeof(IUploadedFile).IsAssignableFrom(ValueType);
        ElementType =
            ValueType.IsGenericType && ValueType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
                ? ValueType.GenericTypeArguments[0]
                : null;
        maxLength =
            property.GetCustomAttribute<MaxLengthAttribute>() ?? new MaxLengthAttribute(MaxLengthAttribute.Default);
        keepsBlanks = property.IsDefined(typeof(KeepBlanksAttribute));
        allowsBlank = property.IsDefined(typeof(AllowBlankAttribute));
        invalidMessage = property.GetCustomAttribute<InvalidMessageAttribute>()?.Message;
        set = Setter(property);
    }

    public PropertyInfo Property { get; }

    public string Name { get; }

    /// <summary>The type of the value: without <see cref="Optional{T}"/> and <see cref="Nullable{T}"/>.</summary>
    public Type ValueType { get; }

    public bool IsRequired { get; }

    public bool IsNullable { get; }

    public bool IsOptional { get; }

    /// <summary>The element type where the value is a list, else null.</summary>
    public Type? ElementType { get; }

    public bool IsFile { get; }

    /// <summary>The property's value, without <see cref="Optional{T}"/>.</summary>
    public object? Get(object target)
    {
        var value = Property.GetValue(target);
        return IsOptional ? Property.PropertyType.GetProperty(nameof(Optional<>.Value))!.GetValue(value) : value;
    }

    private void Set(object target, object? value) =>
        set(target, IsOptional ? Activator.CreateInstance(Property.PropertyType, [value]) : value);

    public void Bind(object target, RequestFields fields, Faults faults, string path, Dialect? dialect)
    {
        var at = path + Name;
        if (!fields.TryGet(Name, out var field))
        {
            if (IsRequired)
                faults.Add(at, "This field is required.");
            return;
        }
        if (field.IsNull || (field.IsEmptyForm && IsNullable))
        {
            if (IsNullable)
                Set(target, null);
            else
                faults.Add(at, "This field may not be null.");
            return;
        }
        var outcome = ElementType is { } element
            ? ReadList(element, field, faults, at, dialect)
            : ReadScalar(ValueType, field);
        if (outcome.IsFault)
        {
            foreach (var message in outcome.Messages)
                faults.Add(at, invalidMessage ?? message);
            if (outcome.Value is { } nearest)
            {
                faults.YieldOn(at);
                Set(target, nearest);
            }
        }
        else if (outcome.Value is string { Length: 0 } && !allowsBlank && !IsNullable)
            faults.Add(at, "This field may not be blank.");
        else if (!faults.On(at))
            Set(target, outcome.Value);
    }

    private FieldReader.Outcome ReadScalar(Type type, RawField field) =>
        type == typeof(string) ? FieldReader.Text(field, maxLength, keepsBlanks)
        : type == typeof(int) ? FieldReader.Integer(field)
        : type == typeof(decimal) ? FieldReader.Decimal(field)
        : type == typeof(bool) ? FieldReader.Boolean(field)
        : type == typeof(Guid) ? FieldReader.Id(field)
        : type == typeof(DateTimeOffset) ? FieldReader.Time(field)
        : type == typeof(DateOnly) ? FieldReader.Date(field)
        : type.IsEnum ? FieldReader.Choice(field, type)
        : typeof(IUploadedFile).IsAssignableFrom(type) ? UploadedFiles.Wrap(type, FieldReader.File(field))
        : throw new NotSupportedException($"{Property.DeclaringType}.{Property.Name}: no reader for {type}.");

    private FieldReader.Outcome ReadList(Type element, RawField field, Faults faults, string at, Dialect? dialect)
    {
        IReadOnlyList<RawField> items;
        if (field.Json is { } json)
        {
            if (json.ValueKind is not JsonValueKind.Array)
                return FieldReader.Outcome.Fault(
                    $"Expected a list of items but got type \"{FieldReader.TypeName(json)}\"."
                );
            items = [.. json.EnumerateArray().Select(item => new RawField { Json = item })];
        }
        else
            items = [.. field.Form.Select(item => new RawField { Form = item })];

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        for (var i = 0; i < items.Count; i++)
        {
            var itemPath = $"{at}.{i}";
            if (items[i].IsNull)
                faults.Add(itemPath, "This field may not be null.");
            else if (IsScalar(element))
            {
                var outcome = ReadScalar(element, items[i]);
                foreach (var message in outcome.Messages ?? [])
                    faults.Add(itemPath, message);
                if (!outcome.IsFault)
                    list.Add(outcome.Value);
            }
            else if (AsObject(items[i]) is { } fields)
                list.Add(RequestBinder.Bind(element, fields, faults, itemPath + ".", dialect));
            else
                faults.Add(
                    itemPath,
                    items[i].Json is { } other ? FieldReader.NotAnObject(other) : "Invalid data. Expected a dictionary."
                );
        }
        return new FieldReader.Outcome(list);
    }

    private static RequestFields? AsObject(RawField item)
    {
        if (item.Json is { ValueKind: JsonValueKind.Object } json)
            return RequestFields.Of(json);
        if (item.Json is not null)
            return null;
        // A form carries an object as JSON text.
        try
        {
            var parsed = JsonElement.Parse(item.Form.ToString());
            return parsed.ValueKind is JsonValueKind.Object ? RequestFields.Of(parsed) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsScalar(Type type) => type == typeof(string) || type.IsValueType;

    private static Action<object, object?> Setter(PropertyInfo property)
    {
        var target = Expression.Parameter(typeof(object));
        var value = Expression.Parameter(typeof(object));
        return Expression
            .Lambda<Action<object, object?>>(
                Expression.Assign(
                    Expression.Property(Expression.Convert(target, property.DeclaringType!), property),
                    Expression.Convert(value, property.PropertyType)
                ),
                target,
                value
            )
            .Compile();
    }
}
