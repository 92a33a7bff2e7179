namespace EduPro.Media;

/// <summary>The contract's words for uploads that are refused, each under the field that carried the file.</summary>
public static class UploadMessages
{
    /// <summary>Not a JPG, PNG or GIF, over 40 megapixels, or not decodable to its end.</summary>
    public const string InvalidImage =
        "Upload a valid image. The file you uploaded was either not an image or a corrupted image.";

    /// <summary>Over <see cref="UploadLimits.ImageBytes"/>.</summary>
    public const string ImageTooLarge = "Image file too large ( > 5MB )";

    /// <summary>Not a PDF, DOC or DOCX by its content.</summary>
    public const string InvalidDocument = "Upload a valid document. Supported formats: PDF, DOC, DOCX.";

    /// <summary>Over <see cref="UploadLimits.DocumentBytes"/>.</summary>
    public const string DocumentTooLarge = "Document file too large ( > 10MB )";

    /// <summary>Not an MP4, AVI or MOV by its content.</summary>
    public const string InvalidVideo = "Upload a valid video. Supported formats: MP4, AVI, MOV.";

    /// <summary>Over <see cref="UploadLimits.VideoBytes"/>.</summary>
    public const string VideoTooLarge = "Video file too large ( > 100MB )";
}

/// <summary>The largest files that are taken; a file of exactly this size still is.</summary>
public static class UploadLimits
{
    /// <summary>5 MiB.</summary>
    public const long ImageBytes = 5 * 1024 * 1024;

    /// <summary>Width times height, 40 million, from the header before anything is decoded.</summary>
    public const long ImagePixels = 40_000_000;

    /// <summary>10 MiB.</summary>
    public const long DocumentBytes = 10 * 1024 * 1024;

    /// <summary>100 MiB.</summary>
    public const long VideoBytes = 100 * 1024 * 1024;
}
