namespace EduPro.ServiceDefaults.Local;

internal static class AzureClients;
