using System.Reflection;
using System.Text.Json;
using EduPro.Api.Http.Binding;
using FluentValidation;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace EduPro.Api.Http;

/// <summary>
/// The body of a write, JSON or form, read when the handler asks: so that what the caller may not see or do is refused
/// before what the caller wrote is judged.
/// </summary>
/// <typeparam name="T">A request type for <see cref="RequestBinder"/>, with a FluentValidation validator if it has rules.</typeparam>
internal sealed class Body<T>(HttpContext context)
    : IBindableFromHttpContext<Body<T>>,
        IEndpointParameterMetadataProvider
    where T : class
{
    private const long Oversize = 16 << 20;

    private static readonly BoundProperty[] Files =
    [
        .. RequestBinder.PropertiesOf(typeof(T)).Where(property => property.IsFile),
    ];

    private T? value;

    /// <summary>The request, once <see cref="Read"/> has returned null.</summary>
    public T Value => value ?? throw new InvalidOperationException("Read the body, and return its problem, first.");

    /// <summary>Whether it may hold files, and be that large.</summary>
    public bool IsMultipart => Forms.IsMultipart(context.Request);

    public static ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(new Body<T>(context));

    /// <remarks>
    /// Routing is told that any content type will do: it would answer 415 before it is known who calls. The body says
    /// so when it is read.
    /// </remarks>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(
            new AcceptsMetadata(
                [
                    "application/json",
                    "multipart/form-data",
                    "application/x-www-form-urlencoded",
                    Operations.AnyContentType,
                ],
                typeof(T),
                isOptional: true
            )
        );
        builder.Metadata.Add(new DisableBodySizeLimit());
    }

    /// <summary>Reads, checks files and validates; returns null when all is well, else the response that says what is not.</summary>
    /// <param name="alsoCheck">
    /// Adds faults that only the use case can find, or returns a refusal. Fields that could not be read are null.
    /// </param>
    public async Task<IResult?> Read(CancellationToken ct, Func<T, Faults, Task<IResult?>>? alsoCheck = null)
    {
        var request = context.Request;
        RequestFields fields;
        var isForm = request.HasFormContentType;
        var isEmpty = context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = Forms.IsMultipart(request) ? LargestForm : Forms.LongestText;
        if (isEmpty)
            fields = new RequestFields([]);
        else if (isForm)
        {
            try
            {
                fields = RequestFields.Of(await Forms.Read(request, ct));
            }
            catch (InvalidDataException)
            {
                return Problems.MalformedBody("The form could not be read.");
            }
        }
        else if (request.HasJsonContentType())
        {
            try
            {
                using var document = await JsonDocument.ParseAsync(request.Body, cancellationToken: ct);
                var json = document.RootElement;
                return json.ValueKind switch
                {
                    JsonValueKind.Object => await Check(RequestFields.Of(json), alsoCheck, ct),
                    JsonValueKind.Null => ValidationProblem.On(ValidationProblem.NonFieldErrors, "No data provided"),
                    _ => ValidationProblem.On(ValidationProblem.NonFieldErrors, FieldReader.NotAnObject(json)),
                };
            }
            catch (JsonException malformed)
            {
                return Problems.MalformedBody(
                    $"JSON parse error at line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}."
                );
            }
        }
        else
            return Problems.UnsupportedMediaType;
        return await Check(fields, alsoCheck, ct);
    }

    /// <summary>Room for files that are somewhat too large, so that their fields can say so in the contract's words.</summary>
    private static readonly long LargestForm =
        Files.Length == 0
            ? Forms.LongestText
            : Forms.LongestText + Files.Sum(property => UploadedFiles.MaxBytes(property.ValueType)) + Oversize;

    private async Task<IResult?> Check(
        RequestFields fields,
        Func<T, Faults, Task<IResult?>>? alsoCheck,
        CancellationToken ct
    )
    {
        var faults = new Faults();
        var bound = (T)RequestBinder.Bind(typeof(T), fields, faults, dialect: Dialect.Of(context));
        foreach (var property in Files)
        {
            if (
                property.Get(bound) is IUploadedFile file
                && await file.Check(context.RequestServices, ct) is { } message
            )
                faults.Add(property.Name, message);
        }
        await Validation.Run(bound, faults, context.RequestServices, ct);
        if (alsoCheck is not null && await alsoCheck(bound, faults) is { } refusal)
            return refusal;
        if (faults.Any)
            return faults.ToProblem(fields);
        value = bound;
        return null;
    }

    /// <summary>The limit is the body's own: it depends on the content type.</summary>
    private sealed class DisableBodySizeLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => null;
    }
}

/// <summary>The parameters of a query string, bound and validated like a body.</summary>
internal sealed class Query<T>(HttpContext context)
    : IBindableFromHttpContext<Query<T>>,
        IEndpointParameterMetadataProvider
    where T : class
{
    private T? value;

    /// <summary>The parameters, once <see cref="Read"/> has returned null.</summary>
    public T Value => value ?? throw new InvalidOperationException("Read the query, and return its problem, first.");

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new QueryMetadata(typeof(T)));

    public static ValueTask<Query<T>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(new Query<T>(context));

    /// <summary>Reads and validates; returns null when all is well, else the response that says what is not.</summary>
    public async Task<IResult?> Read(CancellationToken ct)
    {
        var fields = RequestFields.Of(context.Request.Query);
        var faults = new Faults();
        var bound = (T)RequestBinder.Bind(typeof(T), fields, faults, dialect: Dialect.Of(context));
        await Validation.Run(bound, faults, context.RequestServices, ct);
        if (faults.Any)
            return faults.ToProblem(fields);
        value = bound;
        return null;
    }
}

/// <summary>The rules of request types.</summary>
internal static class Validation
{
    /// <summary>Adds the faults of the type's validator, save on fields that could not even be read.</summary>
    public static async Task Run<T>(T bound, Faults faults, IServiceProvider services, CancellationToken ct)
    {
        if (services.GetService<IValidator<T>>() is not { } validator)
            return;
        var unread = new Faults();
        var result = await validator.ValidateAsync(bound, ct);
        foreach (var failure in result.Errors)
        {
            var field = WireName(failure.PropertyName);
            if (!faults.On(field) || unread.On(field))
            {
                unread.Add(field, failure.ErrorMessage);
                faults.Add(field, failure.ErrorMessage);
            }
        }
    }

    /// <summary><c>Answers[0].TextAnswer</c> as <c>answers.0.text_answer</c>.</summary>
    public static string WireName(string property) =>
        property.Length == 0
            ? ValidationProblem.NonFieldErrors
            : string.Join(
                '.',
                property
                    .Replace("[", ".", StringComparison.Ordinal)
                    .Replace("]", "", StringComparison.Ordinal)
                    .Replace(".Value", "", StringComparison.Ordinal)
                    .Split('.')
                    .Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)
            );
}
