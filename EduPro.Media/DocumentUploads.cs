namespace EduPro.Media;

/// <summary>Checks uploaded documents by their content: PDF, DOC and DOCX.</summary>
public static class DocumentUploads
{
    private const string Folder = "documents";

    /// <summary>Checks an uploaded document. Bad input is refused, never thrown.</summary>
    /// <param name="content">A seekable stream that has fully arrived. It is kept open, as the accepted file's content.</param>
    /// <param name="ct">Stops the check.</param>
    public static async Task<Upload<MediaFile>> CheckAsync(Stream content, CancellationToken ct)
    {
        if (content.Length > UploadLimits.DocumentBytes)
            return Upload<MediaFile>.Refuse(UploadMessages.DocumentTooLarge);

        var type = await TypeOfAsync(content, ct);
        content.Position = 0;
        return type is var (contentType, extension)
            ? Upload<MediaFile>.Accept(new MediaFile(MediaContainer.Documents, Folder, content, contentType, extension))
            : Upload<MediaFile>.Refuse(UploadMessages.InvalidDocument);
    }

    private static async Task<(string ContentType, string Extension)?> TypeOfAsync(Stream content, CancellationToken ct)
    {
        if (await Pdf.IsPdfAsync(content, ct))
            return ("application/pdf", "pdf");
        if (await CompoundFile.HasStreamAsync(content, "WordDocument", ct))
            return ("application/msword", "doc");
        if (await Docx.IsDocxAsync(content, ct))
            return ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx");
        return null;
    }
}
