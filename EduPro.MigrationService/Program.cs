Console.WriteLine("Nothing to migrate yet.");
